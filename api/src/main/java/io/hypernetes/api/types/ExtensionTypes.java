package io.hypernetes.api.types;

import static io.hypernetes.api.types.Row.cluster;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.custom.DefinitionColumns;
import io.hypernetes.api.custom.DefinitionStrategy;
import io.hypernetes.api.custom.ThirdPartyResource;
import io.hypernetes.api.types.admission.AdmissionColumns;
import io.hypernetes.api.types.admission.MutatingPolicyStrategy;
import io.hypernetes.api.types.admission.PolicyBindingStrategy;
import io.hypernetes.api.types.admission.ValidatingPolicyStrategy;
import io.hypernetes.api.types.admission.WebhookStrategy;
import io.hypernetes.api.types.apiregistration.ApiServiceColumns;
import io.hypernetes.api.types.apiregistration.ApiServiceStrategy;

/**
 * The rows of what extends the API itself: webhooks and policies, API services, definitions of
 * custom resources.
 */
public final class ExtensionTypes {

    private static final String ADMISSION = "admissionregistration.k8s.io";
    private static final String REGISTRATION = "apiregistration.k8s.io";

    public static final ResourceType MUTATING_WEBHOOK_CONFIGURATIONS =
            cluster(
                            ADMISSION,
                            "v1",
                            "mutatingwebhookconfigurations",
                            "MutatingWebhookConfiguration")
                    .categories("api-extensions")
                    .columns(AdmissionColumns.WEBHOOKS)
                    .as(
                            "io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration",
                            WebhookStrategy.mutating());

    public static final ResourceType VALIDATING_WEBHOOK_CONFIGURATIONS =
            cluster(
                            ADMISSION,
                            "v1",
                            "validatingwebhookconfigurations",
                            "ValidatingWebhookConfiguration")
                    .categories("api-extensions")
                    .columns(AdmissionColumns.WEBHOOKS)
                    .as(
                            "io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration",
                            WebhookStrategy.validating());

    public static final ResourceType VALIDATING_ADMISSION_POLICIES =
            cluster(ADMISSION, "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy")
                    .subresources("status")
                    .categories("api-extensions")
                    .columns(AdmissionColumns.VALIDATING_POLICY)
                    .as(
                            "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy",
                            new ValidatingPolicyStrategy());

    public static final ResourceType VALIDATING_ADMISSION_POLICY_BINDINGS =
            cluster(
                            ADMISSION,
                            "v1",
                            "validatingadmissionpolicybindings",
                            "ValidatingAdmissionPolicyBinding")
                    .categories("api-extensions")
                    .columns(AdmissionColumns.BINDING)
                    .as(
                            "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding",
                            PolicyBindingStrategy.validating());

    public static final ResourceType MUTATING_ADMISSION_POLICIES =
            cluster(ADMISSION, "v1", "mutatingadmissionpolicies", "MutatingAdmissionPolicy")
                    .categories("api-extensions")
                    .columns(AdmissionColumns.MUTATING_POLICY)
                    .as(
                            "io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy",
                            new MutatingPolicyStrategy());

    public static final ResourceType MUTATING_ADMISSION_POLICY_BINDINGS =
            cluster(
                            ADMISSION,
                            "v1",
                            "mutatingadmissionpolicybindings",
                            "MutatingAdmissionPolicyBinding")
                    .categories("api-extensions")
                    .columns(AdmissionColumns.BINDING)
                    .as(
                            "io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding",
                            PolicyBindingStrategy.mutating());

    public static final ResourceType API_SERVICES =
            cluster(REGISTRATION, "v1", "apiservices", "APIService")
                    .subresources("status")
                    .categories("api-extensions")
                    .columns(ApiServiceColumns.ALL)
                    .as(
                            "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService",
                            new ApiServiceStrategy());

    /** The ancestor of custom resource definitions; each is served as the definition it means. */
    public static final ResourceType THIRD_PARTY_RESOURCES =
            cluster("extensions", "v1beta1", "thirdpartyresources", "ThirdPartyResource")
                    .as(
                            "io.k8s.api.extensions.v1beta1.ThirdPartyResource",
                            new ThirdPartyResource());

    public static final ResourceType CUSTOM_RESOURCE_DEFINITIONS =
            cluster(
                            "apiextensions.k8s.io",
                            "v1",
                            "customresourcedefinitions",
                            "CustomResourceDefinition")
                    .shortNames("crd", "crds")
                    .categories("api-extensions")
                    .subresources("status")
                    .columns(DefinitionColumns.ALL)
                    .as(
                            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"
                                    + ".CustomResourceDefinition",
                            new DefinitionStrategy());

    private ExtensionTypes() {}
}
