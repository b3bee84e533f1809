package io.hypernetes.api.types.certificates;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * CertificateSigningRequests. What is asked for never changes; the verdict comes through {@code
 * approval}, the certificate through {@code status}.
 */
public final class SigningRequestStrategy extends KindStrategy {

    private static final List<String> VERDICTS = List.of("Approved", "Denied");

    public SigningRequestStrategy() {
        super(Scope.CLUSTER, _ -> List.of());
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.signerName");
    }

    @Override
    public JsonNode desired(ObjectNode request) {
        return MissingNode.getInstance();
    }

    @Override
    public void prepareForUpdate(ObjectNode request, ObjectNode old) {
        keep(request, old, "spec");
        keep(request, old, "status");
    }

    @Override
    public void prepareForStatusUpdate(ObjectNode request, ObjectNode old) {
        keep(request, old, "spec");
        ObjectNode status = Trees.child(request, "status");
        if (!status.has("conditions")) {
            keep(status, Trees.child(old.deepCopy(), "status"), "conditions");
        } else {
            keepVerdicts(status, old);
        }
        stamp(status, old);
    }

    @Override
    public void prepareForPartUpdate(String part, ObjectNode request, ObjectNode old) {
        keep(request, old, "spec");
        ObjectNode status = Trees.child(request, "status");
        keep(status, Trees.child(old.deepCopy(), "status"), "certificate");
        stamp(status, old);
    }

    private static void keep(ObjectNode object, ObjectNode old, String field) {
        if (old.has(field)) {
            object.set(field, old.get(field).deepCopy());
        } else {
            object.remove(field);
        }
    }

    /** A signer need not send the verdict back. */
    private static void keepVerdicts(ObjectNode status, ObjectNode old) {
        ArrayNode conditions = status.withArrayProperty("conditions");
        for (ObjectNode was : Trees.objects(old.path("status").path("conditions"))) {
            String type = Trees.text(was, "type");
            boolean there =
                    Trees.objects(conditions).stream()
                            .anyMatch(c -> Trees.text(c, "type").equals(type));
            if (VERDICTS.contains(type) && !there) {
                conditions.insert(0, was.deepCopy());
            }
        }
    }

    private static void stamp(ObjectNode status, ObjectNode old) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        for (ObjectNode condition : Trees.objects(status.path("conditions"))) {
            Trees.setDefault(condition, "status", "True");
            Trees.setDefault(condition, "lastUpdateTime", now);
            if (!Trees.has(condition, "lastTransitionTime")) {
                String since =
                        Trees.objects(old.path("status").path("conditions")).stream()
                                .filter(was -> sameState(was, condition))
                                .map(was -> Trees.text(was, "lastTransitionTime"))
                                .filter(time -> !time.isEmpty())
                                .findFirst()
                                .orElse(now);
                condition.put("lastTransitionTime", since);
            }
        }
    }

    private static boolean sameState(ObjectNode one, ObjectNode other) {
        return Trees.text(one, "type").equals(Trees.text(other, "type"))
                && Trees.text(one, "status").equals(Trees.text(other, "status"));
    }

    @Override
    protected void rules(Field request) {
        Field spec = request.at("spec");
        Pkcs10.problem(spec.at("request").text())
                .ifPresent(
                        problem -> spec.at("request").invalid(spec.at("request").text(), problem));
        Field usages = spec.at("usages");
        usages.required();
        usages.items().forEach(usage -> usage.oneOf(KeyUsages.ALL));
        usages.distinctItems();
        SignerNames.check(spec.at("signerName"));
        Field seconds = spec.at("expirationSeconds");
        if (seconds.isSet() && seconds.number() < 600) {
            seconds.invalid("may not specify a duration less than 600 seconds (10 minutes)");
        }
        ConditionRules.check(request.at("status", "conditions"));
    }

    @Override
    protected void updateRules(Field request, Field old) {
        ConditionRules.verdictsStay(request, old);
        if (!request.at("status", "certificate").same(old.at("status", "certificate"))) {
            request.at("status", "certificate")
                    .forbidden("updates may not set certificate content");
        }
    }

    @Override
    protected void statusRules(Field request, Field old) {
        rules(request);
        ConditionRules.noneRemoved(request, old);
        ConditionRules.verdictsStay(request, old);
        Field certificate = request.at("status", "certificate");
        if (!certificate.same(old.at("status", "certificate"))) {
            if (old.at("status", "certificate").isGiven()) {
                certificate.forbidden("updates may not modify existing certificate content");
            }
            Certificates.problem(certificate.text())
                    .ifPresent(problem -> certificate.invalid("<certificate data>", problem));
        }
    }

    @Override
    public List<FieldError> validatePartUpdate(String part, ObjectNode request, ObjectNode old) {
        Errors errors = new Errors();
        errors.addAll(ObjectMetaValidation.validateUpdate(request, old));
        Field now = Field.root(request, errors);
        rules(now);
        ConditionRules.noneRemoved(now, Field.root(old, errors));
        return errors.all();
    }
}
