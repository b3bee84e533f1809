package io.hypernetes.server.matching;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.Expression;
import io.hypernetes.cel.Limits;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.DeclaredType.Field;
import io.hypernetes.cel.type.DeclaredType.Kind;
import io.hypernetes.server.admission.AdmissionController;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The expressions by which claims and classes choose devices (KEP-4381) must compile when they are
 * written, and may not cost too much. What an older release let in stays.
 */
public final class DeviceSelectors implements AdmissionController {
    /** What a driver may publish of a device, at most: attributes and capacities together. */
    private static final int MOST_ENTRIES = 32;

    private static final int LONGEST_VALUE = 64;
    private static final int LONGEST_DRIVER = 63;

    /** Loaded by the first expression. */
    private static final class Device {
        static final DeclaredType TYPE =
                DeclaredType.object(
                        "kubernetes.DRADevice",
                        Map.of(
                                "driver",
                                new Field(
                                        "driver",
                                        DeclaredType.scalar(Kind.STRING, LONGEST_DRIVER, 2),
                                        true),
                                "allowMultipleAllocations",
                                new Field("allowMultipleAllocations", DeclaredType.BOOL, true),
                                "attributes",
                                new Field("attributes", byDomain(), true),
                                "capacity",
                                new Field("capacity", byDomain(), true)),
                        2);
        static final Environment ENVIRONMENT = Environment.standard().with("device", TYPE);

        private Device() {}

        private static DeclaredType byDomain() {
            DeclaredType value = DeclaredType.scalar(Kind.DYN, LONGEST_VALUE, 1);
            return DeclaredType.map(DeclaredType.map(value, MOST_ENTRIES), MOST_ENTRIES);
        }
    }

    private record Selectors(JsonNode list, String path) {}

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.writes() || !request.subresource().isEmpty()) {
            return List.of();
        }
        List<Selectors> written = selectors(request, request.object());
        if (written.isEmpty()) {
            return List.of();
        }
        Set<String> known = new HashSet<>();
        request.old()
                .ifPresent(old ->
                        selectors(request, old)
                                .forEach(s -> s.list().forEach(one -> known.add(text(one)))));
        List<FieldError> errors = new ArrayList<>();
        for (Selectors selectors : written) {
            for (int i = 0; i < selectors.list().size(); i++) {
                String expression = text(selectors.list().get(i));
                if (!known.contains(expression)) {
                    check(expression, selectors.path() + "[" + i + "].cel.expression", errors);
                }
            }
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(
                    request.type().groupVersionKind(), request.name(), List.copyOf(errors));
        }
        return List.of();
    }

    private static String text(JsonNode selector) {
        return selector.path("cel").path("expression").asString("");
    }

    private static void check(String text, String path, List<FieldError> errors) {
        try {
            Expression expression = Device.ENVIRONMENT.compile(text);
            if (!expression.isBoolean() && !expression.isDynamic()) {
                errors.add(
                        FieldError.invalidText(
                                path,
                                text,
                                "must evaluate to bool or the unknown type, not "
                                        + expression.typeName()));
            } else if (expression.estimatedCost(Device.TYPE) > Limits.PER_CALL) {
                errors.add(FieldError.forbidden(path, "too complex, exceeds cost limit"));
            }
        } catch (CompilationException e) {
            errors.add(FieldError.invalidText(path, text, "compilation failed: " + e.text()));
        }
    }

    private static List<Selectors> selectors(AdmissionRequest request, JsonNode object) {
        List<Selectors> all = new ArrayList<>();
        if (request.isFor(BuiltinTypes.DEVICE_CLASSES)) {
            add(object.path("spec"), "spec", all);
        } else if (request.isFor(BuiltinTypes.RESOURCE_CLAIMS)) {
            requests(object.path("spec"), "spec", all);
        } else if (request.isFor(BuiltinTypes.RESOURCE_CLAIM_TEMPLATES)) {
            requests(object.path("spec").path("spec"), "spec.spec", all);
        }
        return all;
    }

    private static void requests(JsonNode spec, String path, List<Selectors> all) {
        JsonNode requests = spec.path("devices").path("requests");
        for (int i = 0; i < requests.size(); i++) {
            String at = path + ".devices.requests[" + i + "]";
            add(requests.get(i).path("exactly"), at + ".exactly", all);
            JsonNode alternatives = requests.get(i).path("firstAvailable");
            for (int k = 0; k < alternatives.size(); k++) {
                add(alternatives.get(k), at + ".firstAvailable[" + k + "]", all);
            }
        }
    }

    private static void add(JsonNode owner, String path, List<Selectors> all) {
        JsonNode selectors = owner.path("selectors");
        if (!selectors.isEmpty()) {
            all.add(new Selectors(selectors, path + ".selectors"));
        }
    }
}
