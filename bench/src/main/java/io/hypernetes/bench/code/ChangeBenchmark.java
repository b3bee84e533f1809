package io.hypernetes.bench.code;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.patch.JsonPatch;
import io.hypernetes.api.patch.MergePatch;
import io.hypernetes.api.schema.StrategicMergePatch;
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

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The kinds of patch, and the ownership of fields that each write leaves behind. Where a change is
 * made in place the time includes a copy of the pod, see {@link ObjectBenchmark#copy}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"})
public class ChangeBenchmark {

    private static final JsonNode JSON_PATCH =
            json(
                    "[{\"op\":\"replace\",\"path\":\"/spec/containers/0/image\",\"value\":\"web:2\"}]");
    private static final JsonNode MERGE_PATCH =
            json("{\"metadata\":{\"annotations\":{\"example.com/note\":\"short\"}}}");
    private static final ObjectNode STRATEGIC_PATCH =
            Json.parseObject(
                    bytes(
                            "{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"web:2\","
                                    + "\"env\":[{\"name\":\"VARIABLE_07\",\"value\":\"7\"}]}]}}"));

    private final ObjectNode sent = Json.parseObject(Pods.sent());
    private final ObjectNode stored = Pods.stored();
    private final ObjectNode applied = Pods.FIELDS.apply(Json.object(), sent, "kubectl", false);
    private final ObjectNode otherConfig = otherConfig(sent);

    private static ObjectNode otherConfig(ObjectNode config) {
        return MergePatch.apply(
                json("{\"metadata\":{\"labels\":{\"release\":\"2\"}}}"), config.deepCopy());
    }

    @Benchmark
    public ObjectNode jsonPatch() {
        return JsonPatch.apply(JSON_PATCH, stored.deepCopy());
    }

    @Benchmark
    public ObjectNode mergePatch() {
        return MergePatch.apply(MERGE_PATCH, stored.deepCopy());
    }

    @Benchmark
    public ObjectNode strategicPatch() {
        return StrategicMergePatch.apply(
                BuiltinTypes.PODS.schema().struct(), stored.deepCopy(), STRATEGIC_PATCH);
    }

    @Benchmark
    public ObjectNode trackCreate() {
        ObjectNode pod = sent.deepCopy();
        Pods.FIELDS.create(pod, "kubectl-create");
        return pod;
    }

    @Benchmark
    public ObjectNode trackUpdate() {
        ObjectNode pod = stored.deepCopy();
        pod.withObject("metadata").withObject("labels").put("new", "x");
        Pods.FIELDS.update(stored, pod, "kubectl-edit");
        return pod;
    }

    @Benchmark
    public ObjectNode applyNothingNew() {
        return Pods.FIELDS.apply(applied, sent, "kubectl", false);
    }

    @Benchmark
    public ObjectNode applyLabel() {
        return Pods.FIELDS.apply(applied, otherConfig, "kubectl", false);
    }

    private static JsonNode json(String text) {
        return Json.parse(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
