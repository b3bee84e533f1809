package io.hypernetes.junit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A small operator as one writes it: dependent resources, a status, a finalizer. */
@Workflow(
        dependents = {
            @Dependent(type = WebPageOperator.Content.class),
            @Dependent(type = WebPageOperator.Web.class),
            @Dependent(type = WebPageOperator.Address.class)
        })
@ControllerConfiguration(finalizerName = "sample.hypernetes.io/finalizer")
public final class WebPageOperator implements Reconciler<WebPage>, Cleaner<WebPage> {
    final Queue<String> cleaned = new ConcurrentLinkedQueue<>();

    @Override
    public UpdateControl<WebPage> reconcile(WebPage page, Context<WebPage> context) {
        WebPage.Status status = new WebPage.Status();
        status.url = "http://" + page.getMetadata().getName();
        status.observedGeneration = page.getMetadata().getGeneration();
        page.setStatus(status);
        return UpdateControl.patchStatus(page);
    }

    @Override
    public DeleteControl cleanup(WebPage page, Context<WebPage> context) {
        cleaned.add(page.getMetadata().getName());
        return DeleteControl.defaultDelete();
    }

    private static ObjectMeta meta(WebPage page) {
        return new ObjectMetaBuilder()
                .withName(page.getMetadata().getName())
                .withNamespace(page.getMetadata().getNamespace())
                .build();
    }

    private static Map<String, String> labels(WebPage page) {
        return Map.of("page", page.getMetadata().getName());
    }

    /** The text. */
    public static final class Content extends CRUDKubernetesDependentResource<ConfigMap, WebPage> {
        public Content() {
            super(ConfigMap.class);
        }

        @Override
        protected ConfigMap desired(WebPage page, Context<WebPage> context) {
            return new ConfigMapBuilder()
                    .withMetadata(meta(page))
                    .addToData("index.html", page.getSpec().html)
                    .build();
        }
    }

    /** Who serves it. */
    public static final class Web extends CRUDKubernetesDependentResource<Deployment, WebPage> {
        public Web() {
            super(Deployment.class);
        }

        @Override
        protected Deployment desired(WebPage page, Context<WebPage> context) {
            return new DeploymentBuilder()
                    .withMetadata(meta(page))
                    .withNewSpec()
                    .withReplicas(page.getSpec().replicas)
                    .withNewSelector()
                    .withMatchLabels(labels(page))
                    .endSelector()
                    .withNewTemplate()
                    .withNewMetadata()
                    .withLabels(labels(page))
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("web")
                    .withImage("web")
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build();
        }
    }

    /** Where it is found. */
    public static final class Address extends CRUDKubernetesDependentResource<Service, WebPage> {
        public Address() {
            super(Service.class);
        }

        @Override
        protected Service desired(WebPage page, Context<WebPage> context) {
            return new ServiceBuilder()
                    .withMetadata(meta(page))
                    .withNewSpec()
                    .withSelector(labels(page))
                    .addNewPort()
                    .withPort(80)
                    .endPort()
                    .endSpec()
                    .build();
        }
    }
}
