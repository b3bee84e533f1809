package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in webhooks and admission policies. */
class AdmissionKindsRulesTest {

    private static final String GOOD =
            "'name':'a.b.c','sideEffects':'None','admissionReviewVersions':['v1'],"
                    + "'clientConfig':{'url':'https://h'}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'name':'a.b.c'} | ``
                    {'name':''} | name: Required value
                    {'name':'a.b'} | name: Invalid value: "a.b": should be a domain with at least three segments separated by dots
                    {'name':'A.b.c'} | name: Invalid value: "A.b.c": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
                    {'sideEffects':null} | sideEffects: Required value: must specify one of None, NoneOnDryRun
                    {'sideEffects':'Some'} | sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"
                    {'failurePolicy':'Panic','matchPolicy':'Loose'} | failurePolicy: Unsupported value: "Panic": supported values: "Fail", "Ignore" && matchPolicy: Unsupported value: "Loose": supported values: "Equivalent", "Exact"
                    {'timeoutSeconds':31} | timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds
                    {'admissionReviewVersions':[]} | admissionReviewVersions: Required value: must specify one of v1, v1beta1
                    {'admissionReviewVersions':['v2','v2']} | admissionReviewVersions[1]: Invalid value: "v2": duplicate version && admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1
                    {'admissionReviewVersions':['v1','1']} | admissionReviewVersions[1]: Invalid value: "1": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
                    {'clientConfig':{}} | clientConfig: Required value: exactly one of url or service is required
                    {'clientConfig':{'url':'https://h','service':{'name':'s','namespace':'n'}}} | clientConfig: Required value: exactly one of url or service is required
                    {'clientConfig':{'url':'http://u@h/p?q=1#f'}} | clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path] && clientConfig.url: Invalid value: "u": user information is not permitted in the URL && clientConfig.url: Invalid value: "f": fragments are not permitted in the URL && clientConfig.url: Invalid value: "q=1": query parameters are not permitted in the URL
                    {'clientConfig':{'service':{}}} | clientConfig.service.name: Required value && clientConfig.service.namespace: Required value
                    {'clientConfig':{'service':{'name':'s','namespace':'n','port':0,'path':'a//b'}}} | clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive && clientConfig.service.path: Invalid value: "a//b": must start with a '/' && clientConfig.service.path: Invalid value: "a//b": segment[0] may not be empty && clientConfig.service.path: Invalid value: "a//b": segment[1] may not be empty
                    {'namespaceSelector':{'matchExpressions':[{'key':'a','operator':'In'}]}} | namespaceSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'
                    {'matchConditions':[{'name':'','expression':' '},{'name':'a b','expression':'true'},{'name':'c','expression':'true'},{'name':'c','expression':'true'}]} | matchConditions[0].expression: Required value && matchConditions[0].name: Required value && matchConditions[1].name: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') && matchConditions[3].name: Duplicate value: "c"
                    """)
    void webhooks(String own, String errors) {
        StringBuilder webhook = new StringBuilder();
        for (String field : GOOD.split(",(?=')")) {
            if (!own.startsWith("{" + field.split(":")[0] + ":")) {
                webhook.append(field).append(',');
            }
        }
        String json = "{'webhooks':[{" + webhook + own.substring(1) + "]}";
        for (String plural :
                new String[] {"validatingwebhookconfigurations", "mutatingwebhookconfigurations"}) {
            assertThat(RuleTables.mistakes(plural, json))
                    .isEqualTo(
                            errors.isEmpty()
                                    ? ""
                                    : "webhooks[0]." + errors.replace(" && ", " && webhooks[0]."));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['pods','pods/status'] | ``
                    'operations':[] | operations: Required value && apiGroups: Required value && apiVersions: Required value && resources: Required value
                    'operations':['*','CREATE'],'apiGroups':['*','a'],'apiVersions':['*','v1'],'resources':['*/*','pods'] | operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations && apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other API groups && apiVersions: Invalid value: ["*","v1"]: if '*' is present, must not specify other API versions && resources: Invalid value: ["*/*","pods"]: if '*/*' is present, must not specify other resources
                    'operations':['create'],'apiGroups':[''],'apiVersions':[''],'resources':[''] | operations[0]: Unsupported value: "create": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE" && apiVersions[0]: Required value && resources[0]: Required value
                    'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['*','pods'] | resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources
                    'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['a/*','a/x'] | resources[1]: Invalid value: "a/x": if 'a/*' is present, must not specify a/x
                    'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['*/x','a/x'] | resources[1]: Invalid value: "a/x": if '*/x' is present, must not specify a/x
                    'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['a'],'scope':'Galaxy' | scope: Unsupported value: "Galaxy": supported values: "*", "Cluster", "Namespaced"
                    """)
    void rules(String rule, String errors) {
        String json = "{'webhooks':[{" + GOOD + ",'rules':[{" + rule + "}]}]}";
        String path = "webhooks[0].rules[0].";
        assertThat(RuleTables.mistakes("mutatingwebhookconfigurations", json))
                .isEqualTo(errors.isEmpty() ? "" : path + errors.replace(" && ", " && " + path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'validations':[{'expression':'true'}] | ``
                    'x':1 | spec.validations: Required value: validations or auditAnnotations must contain at least one item && spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item
                    'validations':[{'expression':' '}] | spec.validations[0].expression: Required value: expression is not specified
                    'validations':[{'expression':'true','message':' ','messageExpression':' ','reason':'Gone'}] | spec.validations[0].messageExpression: Invalid value: " ": must be non-empty if specified && spec.validations[0].message: Invalid value: " ": message must be non-empty if specified && spec.validations[0].reason: Unsupported value: "Gone": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"
                    'validations':[{'expression':'true','message':'a\\nb'}] | spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks
                    'validations':[{'expression':'true'}],'failurePolicy':'Hope' | spec.failurePolicy: Unsupported value: "Hope": supported values: "Fail", "Ignore"
                    'validations':[{'expression':'true'}],'paramKind':{} | spec.paramKind.apiVersion: Required value && spec.paramKind.kind: Required value
                    'validations':[{'expression':'true'}],'paramKind':{'apiVersion':'a/b/c','kind':'K'} | spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c
                    'validations':[{'expression':'true'}],'paramKind':{'apiVersion':'v1','kind':'k_k'} | spec.paramKind.kind: Invalid value: "k_k": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
                    'validations':[{'expression':'true'}],'variables':[{'name':'a-b','expression':''},{'name':'','expression':'1'}] | spec.variables[0].name: Invalid value: "a-b": name is not a valid CEL identifier && spec.variables[0].expression: Required value: expression is not specified && spec.variables[1].name: Required value: name is not specified
                    'auditAnnotations':[{'key':'k','valueExpression':''},{'key':'k','valueExpression':'1'}] | spec.auditAnnotations[0].valueExpression: Required value: valueExpression is not specified && spec.auditAnnotations[1].key: Duplicate value: "k"
                    'auditAnnotations':[{'key':'k k','valueExpression':'1'}] | spec.auditAnnotations[0].key: Invalid value: "x/k k": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
                    """)
    void validatingPolicies(String spec, String errors) {
        String match =
                "'matchConstraints':{'resourceRules':[{'operations':['CREATE'],'apiGroups':[''],"
                        + "'apiVersions':['v1'],'resources':['pods']}]},";
        assertThat(
                        RuleTables.mistakes(
                                "validatingadmissionpolicies", "{'spec':{" + match + spec + "}}"))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    validatingadmissionpolicies | {'spec':{'validations':[{'expression':'true'}]}} | spec.matchConstraints: Required value
                    validatingadmissionpolicies | {'spec':{'validations':[{'expression':'true'}],'matchConstraints':{}}} | spec.matchConstraints.resourceRules: Required value
                    mutatingadmissionpolicies | {'spec':{}} | spec.matchConstraints: Required value && spec.mutations: Required value: mutations must contain at least one item && spec.reinvocationPolicy: Required value
                    mutatingadmissionpolicies | {'spec':{'matchConstraints':{'resourceRules':[{'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['pods'],'resourceNames':['a/b','c','c']}]},'reinvocationPolicy':'Often','mutations':[{'patchType':'JSONPatch'},{'patchType':'Magic'},{},{'patchType':'ApplyConfiguration','applyConfiguration':{'expression':''},'jsonPatch':{'expression':'[]'}}]}} | spec.matchConstraints.resourceRules[0].resourceNames[0]: Invalid value: "a/b": may not contain '/' && spec.matchConstraints.resourceRules[0].resourceNames[2]: Duplicate value: "c" && spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch && spec.mutations[1].patchType: Unsupported value: "Magic": supported values: "ApplyConfiguration", "JSONPatch" && spec.mutations[2].patchType: Required value && spec.mutations[3].applyConfiguration.expression: Required value && spec.mutations[3].jsonPatch: Forbidden: must not be specified when patchType is ApplyConfiguration && spec.reinvocationPolicy: Unsupported value: "Often": supported values: "IfNeeded", "Never"
                    validatingadmissionpolicybindings | {'spec':{}} | spec.policyName: Required value && spec.validationActions: Required value: at least one validation action is required
                    validatingadmissionpolicybindings | {'spec':{'policyName':'p','validationActions':['Deny','Warn','Warn','Shout']}} | spec.validationActions[2]: Duplicate value: "Warn" && spec.validationActions[3]: Unsupported value: "Shout": supported values: "Audit", "Deny", "Warn" && spec.validationActions: Invalid value: ["Deny","Warn","Warn","Shout"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)
                    validatingadmissionpolicybindings | {'spec':{'policyName':'p','validationActions':['Deny'],'paramRef':{}}} | spec.paramRef: Required value: one of name or selector must be specified && spec.paramRef.parameterNotFoundAction: Required value
                    mutatingadmissionpolicybindings | {'spec':{'policyName':'p','paramRef':{'name':'a','selector':{},'parameterNotFoundAction':'Shrug'}}} | spec.paramRef.name: Forbidden: name and selector are mutually exclusive && spec.paramRef.selector: Forbidden: name and selector are mutually exclusive && spec.paramRef.parameterNotFoundAction: Unsupported value: "Shrug": supported values: "Deny", "Allow"
                    mutatingadmissionpolicybindings | {'spec':{'policyName':'p','matchResources':{'resourceRules':[{'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':[]}]}}} | spec.matchResources.resourceRules[0].resources: Required value
                    mutatingadmissionpolicybindings | {'spec':{'policyName':'p','matchResources':{'resourceRules':[{'operations':['DELETE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['pods']}]}}} | spec.matchResources.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"
                    """)
    void policies(String plural, String json, String errors) {
        assertThat(RuleTables.mistakes(plural, json)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'warning':'','fieldRef':' '} | status.typeChecking.expressionWarnings[0].warning: Required value && status.typeChecking.expressionWarnings[0].fieldRef: Required value
                    """)
    void statusOfAPolicy(String warning, String errors) {
        assertThat(
                        RuleTables.statusMistakes(
                                "validatingadmissionpolicies",
                                "{}",
                                "{'status':{'typeChecking':{'expressionWarnings':["
                                        + warning
                                        + "]}}}"))
                .isEqualTo(errors);
    }
}
