package io.hypernetes.api.apply;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Fields that an applier would change though another manager owns them. */
record Conflicts(TreeMap<Manager, FieldSet> byManager) {

    boolean isEmpty() {
        return byManager.isEmpty();
    }

    FieldSet fields() {
        return byManager.values().stream().reduce(FieldSet.EMPTY, FieldSet::union);
    }

    /** Those that are not about these fields. */
    Conflicts without(FieldSet allowed) {
        TreeMap<Manager, FieldSet> rest = new TreeMap<>();
        byManager.forEach((manager, fields) -> {
            FieldSet left = fields.difference(allowed);
            if (!left.isEmpty()) {
                rest.put(manager, left);
            }
        });
        return new Conflicts(rest);
    }

    /** 409 with a cause per field. */
    ApiException refusal() {
        List<Cause> causes = new ArrayList<>();
        StringBuilder listed = new StringBuilder();
        for (Map.Entry<Manager, FieldSet> entry : byManager.entrySet()) {
            listed.append(listed.isEmpty() ? "" : "\n");
            listed.append("conflicts with ").append(entry.getKey()).append(':');
            for (String path : entry.getValue().paths()) {
                listed.append("\n- ").append(path);
                causes.add(
                        new Cause("FieldManagerConflict", "conflict with " + entry.getKey(), path));
            }
        }
        String message =
                causes.size() == 1
                        ? "Apply failed with 1 conflict: "
                                + causes.getFirst().message()
                                + ": "
                                + causes.getFirst().field()
                        : "Apply failed with " + causes.size() + " conflicts: " + listed;
        return new ApiException(
                new Status(
                        Reason.CONFLICT.code(),
                        Reason.CONFLICT,
                        message,
                        Optional.of(new Details("", "", "", "", causes, 0))));
    }
}
