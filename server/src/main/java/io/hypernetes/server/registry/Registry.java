package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.custom.CustomResources;
import io.hypernetes.api.schema.SchemaRules;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.cel.rules.RuleCompiler;
import io.hypernetes.server.admission.Admission;
import io.hypernetes.server.custom.CustomTypes;
import io.hypernetes.server.outbound.LateDialer;
import io.hypernetes.server.webhook.ConversionWebhooks;
import io.hypernetes.store.Store;
import io.hypernetes.store.cache.WatchCache;

import java.time.Duration;

/**
 * All objects of an installation, with the rules by which they are read and written. It is there
 * before the server listens, so that what the server asks (authenticators, authorizers) can itself
 * stand on it. The store stays the caller's to close.
 */
public record Registry(
        CustomTypes types,
        Schemas schemas,
        Reads reads,
        Writes writes,
        Admission admission,
        LateDialer dialer,
        WatchCache<Served> cache)
        implements AutoCloseable {

    /** A webhook may take half a minute. */
    private static final Duration DRAIN = Duration.ofSeconds(45);

    private static final Duration RELOAD = Duration.ofMinutes(2);

    /** Loads the state into memory; returns when it can be read. */
    public static Registry open(Store store, Schemas schemas) {
        return open(store, schemas, WatchCache.Settings.DEFAULT);
    }

    /** The same with more or less of the past. */
    public static Registry open(Store store, Schemas schemas, WatchCache.Settings past) {
        return open(store, schemas, past, TenantSecurity.OPEN);
    }

    /**
     * The same with what holds in the worlds of new tenants.
     *
     * @param security of tenants that do not say it themselves
     */
    public static Registry open(
            Store store, Schemas schemas, WatchCache.Settings past, TenantSecurity security) {
        SchemaRules.Compiler rules = new RuleCompiler();
        WatchCache<Served> cache = WatchCache.open(store, new ServedProjection(), past);
        Reads reads = new Reads(cache);
        LateDialer dialer = new LateDialer();
        CustomTypes types =
                new CustomTypes(
                        ResourceTypes.BUILTIN,
                        reads,
                        new CustomResources(rules, new ConversionWebhooks(dialer)));
        Admission admission = new Admission(types, reads, rules, dialer, security);
        Writes writes = new Writes(store, cache, reads, types, admission);
        return new Registry(types, schemas, reads, writes, admission, dialer, cache);
    }

    /** Replaces what is in the store; returns the revision of the new state. */
    public interface Replacement {
        long replace();
    }

    /**
     * Takes another state in the place of this one while requests are served: no write is under way
     * meanwhile, watches end with Expired, and what is read afterwards is the new state.
     *
     * @throws ApiException when writes do not end, or the new state cannot be read in time
     */
    public void replaceState(Replacement replacement) throws InterruptedException {
        writes.pause()
                .during(
                        () -> {
                            if (!cache.awaitReloaded(replacement.replace(), RELOAD)) {
                                throw ApiException.of(
                                        Reason.TIMEOUT,
                                        "the new state is stored, but not read yet");
                            }
                            return true;
                        },
                        DRAIN);
    }

    /** Ends all watches. */
    @Override
    public void close() {
        cache.close();
    }
}
