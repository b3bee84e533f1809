package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.PodSandboxFilter;

import java.util.Map;

/** CRI's list filters. Ids may be given by their start, as people do. */
final class Filters {

    private Filters() {}

    static boolean matches(PodSandboxFilter filter, SandboxRecord record) {
        return record.id().startsWith(filter.getId())
                && (!filter.hasState() || filter.getState().getState() == Messages.state(record))
                && contains(record.config().getLabelsMap(), filter.getLabelSelectorMap());
    }

    static boolean matches(ContainerFilter filter, ContainerRecord record) {
        return record.id().startsWith(filter.getId())
                && record.sandboxId().startsWith(filter.getPodSandboxId())
                && (!filter.hasState() || filter.getState().getState() == Messages.state(record))
                && contains(record.config().getLabelsMap(), filter.getLabelSelectorMap());
    }

    static boolean contains(Map<String, String> labels, Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
