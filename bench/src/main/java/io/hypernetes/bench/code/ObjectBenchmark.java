package io.hypernetes.bench.code;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.protobuf.ProtobufDecoder;
import io.hypernetes.api.protobuf.ProtobufEncoder;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.schema.WireFields;
import io.hypernetes.api.types.BuiltinTypes;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Bytes to checked trees and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"})
public class ObjectBenchmark {

    private final byte[] sent = Pods.sent();
    private final ObjectNode stored = Pods.stored();
    private final byte[] message = ProtobufEncoder.kubernetes().object(stored);
    private final ProtobufDecoder decoder =
            new ProtobufDecoder(Schemas.kubernetes(), new WireFields());

    @Benchmark
    public ObjectNode decodeJson() {
        return Json.parseManifest(sent).tree();
    }

    @Benchmark
    public ObjectNode decodeProtobuf() {
        return decoder.decode(message);
    }

    /** Nulls, types, unknown fields and the schema's defaults, beyond {@link #decodeJson}. */
    @Benchmark
    public ObjectNode decodeAndConform() {
        ObjectNode pod = Json.parseManifest(sent).tree();
        BuiltinTypes.PODS
                .schema()
                .decode(BuiltinTypes.PODS.groupVersionKind(), pod, FieldValidation.WARN);
        BuiltinTypes.PODS.schema().applyDefaults(pod);
        BuiltinTypes.PODS.strategy().applyDefaults(pod);
        return pod;
    }

    @Benchmark
    public List<FieldError> validate() {
        List<FieldError> errors = new ArrayList<>(BuiltinTypes.PODS.schema().validate(stored));
        errors.addAll(BuiltinTypes.PODS.strategy().validate(stored));
        errors.addAll(BuiltinTypes.PODS.strategy().validateCreate(stored));
        return errors;
    }

    @Benchmark
    public ObjectNode copy() {
        return stored.deepCopy();
    }

    /** The stored form, and the served one made of it. */
    @Benchmark
    public byte[] encodeJson() {
        return Json.withResourceVersion(Json.writeStored(stored), 123_456);
    }

    @Benchmark
    public byte[] encodeProtobuf() {
        return ProtobufEncoder.kubernetes().object(stored);
    }
}
