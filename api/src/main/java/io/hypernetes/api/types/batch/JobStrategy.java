package io.hypernetes.api.types.batch;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.PodTemplates;
import io.hypernetes.api.types.core.PodWarnings;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Jobs. */
public final class JobStrategy extends KindStrategy {

    public JobStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode job) {
        JobDefaults.job(job);
    }

    @Override
    public void prepareForCreate(ObjectNode job) {
        JobDefaults.generateSelector(job);
        job.putObject("status");
    }

    @Override
    protected void rules(Field job) {
        Field spec = job.at("spec");
        generatedSelector(job);
        JobRules.spec(spec);
        if (spec.at("selector").isSet()) {
            SelectorRules.check(spec.at("selector"));
        } else {
            spec.at("selector").tellRequired("");
        }
        PodTemplates.matches(spec, "");
        podNames(job);
    }

    private static void generatedSelector(Field job) {
        Field spec = job.at("spec");
        if (spec.at("manualSelector").flag() || !spec.at("selector").isSet()) {
            return;
        }
        String uid = job.at("metadata", "uid").text();
        String name = job.at("metadata", "name").text();
        hasLabel(spec, "controller-uid", uid);
        hasLabel(spec, "job-name", name);
        hasLabel(spec, "batch.kubernetes.io/controller-uid", uid);
        hasLabel(spec, "batch.kubernetes.io/job-name", name);
        java.util.Map<String, String> expected =
                java.util.Map.of(
                        "controller-uid", uid,
                        "job-name", name,
                        "batch.kubernetes.io/controller-uid", uid,
                        "batch.kubernetes.io/job-name", name);
        boolean selects =
                SelectorRules.parse(spec.at("selector"))
                        .map(selector -> selector.matches(expected))
                        .orElse(true);
        if (!selects) {
            spec.at("selector").invalid("`selector` not auto-generated");
        }
    }

    private static void hasLabel(Field spec, String key, String expected) {
        Field labels = spec.at("template", "metadata", "labels");
        Field label = labels.key(key).with(labels.value().path(key));
        if (!label.isSet()) {
            label.tellRequired("must be '" + expected + "'");
        } else if (!label.is(expected)) {
            label.invalid(labels.value(), "must be '" + expected + "'");
        }
    }

    /** An indexed job's pods are called after it and their index. */
    private static void podNames(Field job) {
        Field spec = job.at("spec");
        long completions = spec.at("completions").number();
        if (spec.at("completionMode").is("Indexed") && completions > 0) {
            Field name = job.at("metadata", "name");
            String longest = name.text() + "-" + (completions - 1);
            if (!Names.dnsLabel(longest).isEmpty()) {
                name.invalid("will not able to create pod with invalid DNS label: " + longest);
            }
        }
    }

    @Override
    protected void updateRules(Field job, Field old) {
        JobRules.update(job, old);
    }

    @Override
    protected void statusRules(Field job, Field old) {
        JobStatusRules.check(job, old);
    }

    @Override
    public List<String> selectableFields() {
        return List.of("status.successful");
    }

    @Override
    public String selectableValue(ObjectNode job, String field) {
        return Long.toString(Trees.at(job, "status", "succeeded").asLong(0));
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode job) {
        return PodWarnings.of(Field.root(job, new Errors()).at("spec", "template"));
    }
}
