package io.hypernetes.api.types.networking;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Ingresses. */
public final class IngressStrategy extends KindStrategy {

    static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";

    private static final List<String> FORBIDDEN_IN_PATH =
            List.of("//", "/./", "/../", "%2f", "%2F");

    public IngressStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode ingress) {
        List<String> warnings = new ArrayList<>();
        if (!Metadata.annotation(ingress, CLASS_ANNOTATION).isEmpty()) {
            warnings.add(
                    "annotation \"kubernetes.io/ingress.class\" is deprecated, please use"
                            + " 'spec.ingressClassName' instead");
        }
        return warnings;
    }

    @Override
    public List<String> warningsOnUpdate(ObjectNode ingress, ObjectNode old) {
        return Metadata.annotation(old, CLASS_ANNOTATION).isEmpty()
                ? warningsOnCreate(ingress)
                : List.of();
    }

    @Override
    public void prepareForCreate(ObjectNode ingress) {
        ingress.putObject("status").putObject("loadBalancer");
    }

    @Override
    protected void rules(Field ingress) {
        Field spec = ingress.at("spec");
        Field defaultBackend = spec.at("defaultBackend");
        List<Field> rules = spec.at("rules").items();
        if (rules.isEmpty() && !defaultBackend.isSet()) {
            spec.with(spec.at("rules").value())
                    .invalid("either `defaultBackend` or `rules` must be specified");
        }
        if (defaultBackend.isSet()) {
            backend(defaultBackend);
        }
        rules.forEach(IngressStrategy::rule);
        spec.at("tls").items().forEach(IngressStrategy::tls);
        spec.at("ingressClassName").ifSet().form(Names::dnsSubdomain);
        classAnnotation(ingress, spec);
    }

    private static void classAnnotation(Field ingress, Field spec) {
        Field annotation =
                ingress.at("metadata", "annotations")
                        .key(CLASS_ANNOTATION)
                        .named("annotations." + CLASS_ANNOTATION);
        Field name = spec.at("ingressClassName");
        boolean isNew = !ingress.at("metadata", "resourceVersion").isSet();
        if (isNew && annotation.isSet() && name.isSet() && !annotation.is(name.text())) {
            annotation.invalid("must match `ingressClassName` when both are specified");
        }
    }

    private static void rule(Field rule) {
        Field host = rule.at("host");
        if (host.isGiven()) {
            if (Addresses.isAddress(host.text())) {
                host.invalid("must be a DNS name, not an IP address");
            }
            host(host);
        }
        Field http = rule.at("http");
        if (http.isSet()) {
            http.at("paths").required();
            http.at("paths").items().forEach(IngressStrategy::path);
        }
    }

    private static void host(Field host) {
        host.form(host.text().contains("*") ? Names::wildcardSubdomain : Names::dnsSubdomain);
    }

    private static void path(Field path) {
        Field type = path.at("pathType");
        if (!type.isSet()) {
            type.tellRequired("pathType must be specified");
            return;
        }
        Field value = path.at("path");
        boolean absolute = value.text().startsWith("/");
        switch (type.text()) {
            case "Exact", "Prefix" -> {
                if (!absolute) {
                    value.invalid(value.text(), "must be an absolute path");
                }
                plainPath(value);
            }
            case "ImplementationSpecific" -> {
                if (value.isGiven() && !absolute) {
                    value.invalid("must be an absolute path");
                }
            }
            default -> type.notSupported(List.of("Exact", "ImplementationSpecific", "Prefix"));
        }
        backend(path.at("backend"));
    }

    private static void plainPath(Field path) {
        for (String sequence : FORBIDDEN_IN_PATH) {
            if (path.text().contains(sequence)) {
                path.invalid("must not contain '" + sequence + "'");
            }
        }
        for (String end : List.of("/..", "/.")) {
            if (path.text().endsWith(end)) {
                path.invalid("cannot end with '" + end + "'");
            }
        }
    }

    private static void backend(Field backend) {
        Field service = backend.at("service");
        Field resource = backend.at("resource");
        if (service.isSet() && resource.isSet()) {
            backend.invalid("", "cannot set both resource and service backends");
        } else if (resource.isSet()) {
            References.typed(resource);
        } else if (service.isSet()) {
            service.at("name").required().form(Names::dnsLabel);
            servicePort(backend, service.at("port"));
        } else {
            backend.invalid("", "resource or service backend is required");
        }
    }

    private static void servicePort(Field backend, Field port) {
        boolean named = port.at("name").isGiven();
        boolean numbered = port.at("number").number() != 0;
        if (named && numbered) {
            backend.invalid("", "cannot set both port name & port number");
        } else if (named) {
            port.at("name").form(Names::portName);
        } else if (numbered) {
            port.at("number").between(1, 65_535);
        } else {
            backend.tellRequired("port name or number is required");
        }
    }

    private static void tls(Field tls) {
        tls.at("hosts").items().forEach(IngressStrategy::host);
        tls.at("secretName").ifGiven().form(Names::dnsSubdomain);
    }

    @Override
    protected void statusRules(Field ingress, Field old) {
        for (Field point : ingress.at("status", "loadBalancer", "ingress").items()) {
            point.at("ip").ifGiven().form(Addresses::address);
            Field hostname = point.at("hostname");
            if (hostname.isGiven()) {
                hostname.form(Names::dnsSubdomain);
                if (Addresses.isAddress(hostname.text())) {
                    hostname.invalid("must be a DNS name, not an IP address");
                }
            }
        }
    }
}
