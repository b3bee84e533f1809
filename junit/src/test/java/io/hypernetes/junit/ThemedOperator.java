package io.hypernetes.junit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An operator that looks at what others own: the colour of a page is in a map that names the page.
 * It may fail at first, tries again, and tells of it in the status.
 */
@ControllerConfiguration(name = "themed")
@GradualRetry(maxAttempts = 10, initialInterval = 20, intervalMultiplier = 1.2)
public final class ThemedOperator implements Reconciler<WebPage> {
    static final String THEME_OF = "theme-of";

    final Queue<String> reconciled = new ConcurrentLinkedQueue<>();
    final Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
    final AtomicInteger failures = new AtomicInteger();

    @Override
    public List<EventSource<?, WebPage>> prepareEventSources(EventSourceContext<WebPage> context) {
        return List.of(
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(ConfigMap.class, WebPage.class)
                                .withLabelSelector(THEME_OF)
                                .withSecondaryToPrimaryMapper(ThemedOperator::page)
                                .build(),
                        context));
    }

    private static Set<ResourceID> page(ConfigMap theme) {
        String page = theme.getMetadata().getLabels().get(THEME_OF);
        return Set.of(new ResourceID(page, theme.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<WebPage> reconcile(WebPage page, Context<WebPage> context) {
        attempts.add(context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0));
        if (failures.getAndDecrement() > 0) {
            throw new IllegalStateException("not now");
        }
        reconciled.add(page.getMetadata().getName());
        return UpdateControl.patchStatus(
                told(
                        page,
                        context.getSecondaryResource(ConfigMap.class)
                                .map(theme -> theme.getData().get("colour"))
                                .orElse("plain")));
    }

    @Override
    public ErrorStatusUpdateControl<WebPage> updateErrorStatus(
            WebPage page, Context<WebPage> context, Exception e) {
        return ErrorStatusUpdateControl.patchStatus(told(page, String.valueOf(e.getMessage())));
    }

    private static WebPage told(WebPage page, String text) {
        WebPage.Status status = new WebPage.Status();
        status.url = text;
        page.setStatus(status);
        return page;
    }
}
