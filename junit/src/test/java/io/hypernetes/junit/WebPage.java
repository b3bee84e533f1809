package io.hypernetes.junit;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** A page that {@link WebPageOperator} serves. Public, as fabric8's serialization needs it. */
@Group("sample.hypernetes.io")
@Version("v1")
public final class WebPage extends CustomResource<WebPage.Spec, WebPage.Status>
        implements Namespaced {
    /** What is wanted. */
    public static final class Spec {
        public String html = "";
        public int replicas = 1;
    }

    /** What is there. */
    public static final class Status {
        public String url = "";
        public long observedGeneration;
    }
}
