package io.hypernetes.network.dns;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.network.service.SliceIndex;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Objects of two tenants with the same names, and the DNS over them. */
public final class World implements AutoCloseable {

    public static final Tenant ACME = new Tenant("acme");
    public static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private final Informer services = new Informer(client, BuiltinTypes.SERVICES);
    private final Informer namespaces = new Informer(client, BuiltinTypes.NAMESPACES);
    private final Informer pods = new Informer(client, BuiltinTypes.PODS);
    private final Informer slices = new Informer(client, BuiltinTypes.ENDPOINT_SLICES);

    public World() {
        for (Tenant tenant : List.of(ACME, GLOBEX)) {
            make(tenant, BuiltinTypes.NAMESPACES, "{'metadata':{'name':'web'}}");
        }
        make(
                ACME,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'shop'},'spec':{'clusterIP':'10.96.0.20','ports':[{'name':'http','port':80},{'name':'dns','port':53,'protocol':'UDP'},{'port':99}]}}");
        make(
                GLOBEX,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'shop'},'spec':{'clusterIP':'10.96.0.77','ports':[]}}");
        make(
                ACME,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'db'},'spec':{'clusterIP':'None','ports':[{'name':'sql','port':5432}]}}");
        make(
                ACME,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'empty'},'spec':{'clusterIP':'None'}}");
        make(
                ACME,
                BuiltinTypes.ENDPOINT_SLICES,
                "{'metadata':{'namespace':'web','name':'db-1','labels':{'kubernetes.io/service-name':'db'}},'addressType':'IPv4','ports':[{'name':'sql','port':15432,'protocol':'TCP'}],'endpoints':[{'addresses':['10.0.0.3'],'hostname':'db-0','conditions':{'ready':true}},{'addresses':['10.0.0.4'],'conditions':{}},{'addresses':['10.0.0.5'],'hostname':'db-2','conditions':{'ready':false}}]}");
        make(
                ACME,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'both'},'spec':{'clusterIP':'10.96.0.21','clusterIPs':['10.96.0.21','fd00:10:96::15'],'ports':[{'name':'http','port':80}]}}");
        make(
                ACME,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'peers'},'spec':{'clusterIP':'None','ports':[{'name':'sql','port':5432}]}}");
        make(
                ACME,
                BuiltinTypes.ENDPOINT_SLICES,
                "{'metadata':{'namespace':'web','name':'peers-4','labels':{'kubernetes.io/service-name':'peers'}},'addressType':'IPv4','ports':[{'name':'sql','port':5432,'protocol':'TCP'}],'endpoints':[{'addresses':['10.0.0.8'],'hostname':'peer-0','conditions':{'ready':true}}]}");
        make(
                ACME,
                BuiltinTypes.ENDPOINT_SLICES,
                "{'metadata':{'namespace':'web','name':'peers-6','labels':{'kubernetes.io/service-name':'peers'}},'addressType':'IPv6','ports':[{'name':'sql','port':5432,'protocol':'TCP'}],'endpoints':[{'addresses':['fd00:1:0::8'],'hostname':'peer-0','conditions':{'ready':true}},{'addresses':['fd00:1::'],'conditions':{'ready':true}}]}");
        alias("outside", "www.example.com");
        alias("inside", "shop.web.svc.cluster.local");
        alias("loop", "loop.web.svc.cluster.local");
        make(
                ACME,
                BuiltinTypes.PODS,
                "{'metadata':{'namespace':'web','name':'p'},'status':{'phase':'Running','podIP':'10.0.0.3'}}");
        make(
                ACME,
                BuiltinTypes.PODS,
                "{'metadata':{'namespace':'web','name':'q'},'status':{'phase':'Running','podIP':'10.0.0.8','podIPs':[{'ip':'10.0.0.8'},{'ip':'fd00:1::8'}]}}");
        try {
            for (Informer informer : List.of(namespaces, pods)) {
                informer.start().awaitSynced();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void alias(String name, String target) {
        make(
                ACME,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'%s'},'spec':{'type':'ExternalName','externalName':'%s'}}"
                        .formatted(name, target));
    }

    public void make(Tenant tenant, ResourceType type, String json) {
        client.create(
                type,
                tenant,
                Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    public ClusterDns dns(Upstream upstream) {
        SliceIndex index = new SliceIndex(slices);
        ClusterDns dns = new ClusterDns(services, namespaces, pods, slices, index, upstream);
        try {
            services.start().awaitSynced();
            slices.start().awaitSynced();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return dns;
    }

    @Override
    public void close() {
        List.of(services, namespaces, pods, slices).forEach(Informer::close);
    }
}
