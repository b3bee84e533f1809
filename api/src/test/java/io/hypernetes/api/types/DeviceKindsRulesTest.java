package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

/** Mistakes in claims for devices, and in what drivers offer. */
class DeviceKindsRulesTest {

    private static final String LABEL =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
                    + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
                    + " '123-abc', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu'}}]} | ``
                    {'requests':[{'name':'a'}]} | requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu'},'firstAvailable':[{'name':'b','deviceClassName':'gpu'}]}]} | requests[0]: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set
                    {'requests':[{'name':'A b','exactly':{'deviceClassName':'gpu'}}]} | requests[0].name: Invalid value: "A b": LABEL
                    {'requests':[{'name':'a','exactly':{}}]} | requests[0].exactly.deviceClassName: Required value
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu','allocationMode':'Some'}}]} | requests[0].exactly.allocationMode: Unsupported value: "Some": supported values: "All", "ExactCount"
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu','allocationMode':'All','count':2}}]} | requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu','count':-1}}]} | requests[0].exactly.count: Invalid value: -1: must be greater than zero
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu','selectors':[{}]}}]} | requests[0].exactly.selectors[0].cel: Required value
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu','tolerations':[{'key':'k','operator':'Exists','value':'v','effect':'Never'}]}}]} | requests[0].exactly.tolerations[0].value: Invalid value: "v": must be empty for operator `Exists` && requests[0].exactly.tolerations[0].effect: Unsupported value: "Never": supported values: "NoExecute", "NoSchedule", "None"
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'gpu'}},{'name':'a','exactly':{'deviceClassName':'gpu'}}]} | requests[1]: Duplicate value: "a"
                    {'requests':[{'name':'a','firstAvailable':[{'name':'b','deviceClassName':'g'},{'name':'b','deviceClassName':'g'}]}]} | requests[0].firstAvailable[1]: Duplicate value: "b"
                    {'constraints':[{}]} | constraints[0]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set
                    {'constraints':[{'matchAttribute':'model'}]} | constraints[0].matchAttribute: Invalid value: "model": a fully qualified name must be a domain and a name separated by a slash
                    {'constraints':[{'matchAttribute':'/model'}]} | constraints[0].matchAttribute: Invalid value: "": the domain must not be empty
                    {'constraints':[{'matchAttribute':'a.com/'}]} | constraints[0].matchAttribute: Invalid value: "": the name must not be empty
                    {'constraints':[{'matchAttribute':'a.com/b/c'}]} | constraints[0].matchAttribute: Invalid value: "a.com/b/c": must not contain more than one slash
                    {'constraints':[{'matchAttribute':'a.com/b-c'}]} | constraints[0].matchAttribute: Invalid value: "b-c": a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')
                    {'constraints':[{'matchAttribute':'a.com/b','requests':['c']}]} | constraints[0].requests[0]: Invalid value: "c": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'
                    {'requests':[{'name':'a','exactly':{'deviceClassName':'g'}}],'constraints':[{'matchAttribute':'a.com/b','requests':['a','a']}]} | constraints[0].requests[1]: Duplicate value: "a"
                    {'config':[{}]} | config[0].opaque: Required value
                    {'config':[{'opaque':{}}]} | config[0].opaque.driver: Required value && config[0].opaque.parameters: Required value
                    {'config':[{'opaque':{'driver':'a.com','parameters':1}}]} | config[0].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object
                    {'requests':[{'name':'r0'},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]} | requests: Too many: 33: must have at most 32 items
                    """)
    void claims(String devices, String errors) {
        String json = "{'spec':{'devices':" + devices + "}}";
        String label = errors.replace("LABEL", LABEL);
        assertThat(RuleTables.mistakes("resourceclaims", json)).isEqualTo(below("spec.", label));
        assertThat(RuleTables.mistakes("resourceclaimtemplates", "{'spec':" + json + "}"))
                .isEqualTo(below("spec.spec.", label));
    }

    private static String below(String prefix, String errors) {
        return errors.isEmpty()
                ? ""
                : prefix + "devices." + errors.replace(" && ", " && " + prefix + "devices.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    deviceclasses  | {'spec':{}} | ``
                    deviceclasses  | {'spec':{'extendedResourceName':'example.com/gpu'}} | ``
                    deviceclasses  | {'spec':{'extendedResourceName':'gpu'}} | spec.extendedResourceName: Invalid value: "gpu": must be a valid extended resource name
                    deviceclasses  | {'spec':{'config':[{}],'selectors':[{}]}} | spec.selectors[0].cel: Required value && spec.config[0].opaque: Required value
                    resourceclaimtemplates | {'spec':{'metadata':{'name':'n','uid':'u'}}} | spec.metadata.name: Forbidden: cannot be set && spec.metadata.uID: Forbidden: cannot be set
                    resourceclaimtemplates | {'spec':{'metadata':{'labels':{'a b':'c'}}}} | spec.metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
                    resourceslices | {'spec':{}} | spec.driver: Required value && spec.pool.name: Required value && spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero && spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required
                    """)
    void others(String plural, String json, String errors) {
        assertThat(RuleTables.mistakes(plural, json)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'allNodes':true | ``
                    'allNodes':false | spec.allNodes: Invalid value: false: must be either unset or set to true && spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required
                    'nodeName':'' | spec.nodeName: Invalid value: "": must be either unset or set to a non-empty string && spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required
                    'nodeName':'n','allNodes':true | spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set
                    'nodeSelector':{'nodeSelectorTerms':[{},{}]} | spec.nodeSelector.nodeSelectorTerms: Invalid value: [{},{}]: must have exactly one node selector term
                    'allNodes':true,'pool':{'name':'p','resourceSliceCount':1,'generation':-1} | spec.pool.generation: Invalid value: -1: must be greater than or equal to zero
                    'allNodes':true,'devices':[{'name':'d'}],'sharedCounters':[{'name':'c','counters':{'x':{'value':'1'}}}] | spec: Invalid value: "": only one of `sharedCounters` or `devices` is allowed
                    'allNodes':true,'devices':[{'name':'d'},{'name':'d'}] | spec.devices[1]: Duplicate value: "d"
                    'allNodes':true,'sharedCounters':[{'name':'','counters':{}}] | spec.sharedCounters[0].name: Required value && spec.sharedCounters[0].counters: Required value
                    'allNodes':true,'devices':[{'name':'d','nodeName':'n'}] | spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec
                    'perDeviceNodeSelection':true,'devices':[{'name':'d'}] | spec.devices[0]: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec
                    'perDeviceNodeSelection':true,'devices':[{'name':'d','nodeName':'','allNodes':true}] | spec.devices[0].nodeName: Invalid value: "": must not be empty
                    """)
    void slices(String more, String errors) {
        String pool = more.contains("pool") ? "" : "'pool':{'name':'p','resourceSliceCount':1},";
        String json = "{'spec':{'driver':'a.com'," + pool + more + "}}";
        assertThat(RuleTables.mistakes("resourceslices", json)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'attributes':{'model':{'string':'x'},'a.com/v':{'version':'1.2.3-rc.1+b'}},'capacity':{'mem':{'value':'1Gi'}} | ``
                    'attributes':{'a-b':{'bool':true}} | attributes: Invalid value: "a-b": a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')
                    'attributes':{'a':{}} | attributes[a]: Invalid value: "": exactly one value must be specified
                    'attributes':{'a':{'int':1,'bool':true}} | attributes[a]: Invalid value: {"int":1,"bool":true}: exactly one value must be specified
                    'attributes':{'a':{'version':'1.02.3'}} | attributes[a].version: Invalid value: "1.02.3": must be a string compatible with semver.org spec 2.0.0
                    'attributes':{'a':{'ints':[]}} | attributes[a].ints: Invalid value: []: must not be empty if specified
                    'taints':[{'key':'k','effect':''}] | taints[0].effect: Required value
                    'taints':[{'key':'k','effect':'PreferNoSchedule'}] | taints[0].effect: Unsupported value: "PreferNoSchedule": supported values: "NoExecute", "NoSchedule", "None"
                    'consumesCounters':[{'counterSet':'','counters':{}}] | consumesCounters[0].counterSet: Required value && consumesCounters[0].counters: Required value
                    'bindingConditions':['a.com/ready'] | bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions
                    'bindingConditions':['a.com/x'],'bindingFailureConditions':['a.com/x'] | bindingFailureConditions[0]: Invalid value: "a.com/x": bindingFailureConditions must not overlap with bindingConditions
                    'capacity':{'m':{'value':'8','requestPolicy':{'default':'1','validValues':['1']}}} | capacity[m].requestPolicy: Forbidden: allowMultipleAllocations must be true
                    'allowMultipleAllocations':true,'capacity':{'m':{'value':'8','requestPolicy':{'validValues':['1']}}} | capacity[m].requestPolicy.default: Required value: required when validValues is defined
                    'allowMultipleAllocations':true,'capacity':{'m':{'value':'8','requestPolicy':{'default':'3','validValues':['2','1','9']}}} | capacity[m].requestPolicy.validValues[1]: Invalid value: "1": values must be sorted in ascending order && capacity[m].requestPolicy.validValues[2]: Invalid value: "9": option is larger than capacity value: 8 && capacity[m].requestPolicy.validValues: Invalid value: "3": default value is not valid according to the requestPolicy
                    'allowMultipleAllocations':true,'capacity':{'m':{'value':'8','requestPolicy':{'default':'3','validRange':{'min':'4','max':'9','step':'2'}}}} | capacity[m].requestPolicy.validRange.default: Invalid value: "3": default is less than min: 4 && capacity[m].requestPolicy.validRange.max: Invalid value: "9": max is larger than capacity value: 8 && capacity[m].requestPolicy.validRange.step: Invalid value: "3": value is not a multiple of a given step (2) from (4) && capacity[m].requestPolicy.validRange.step: Invalid value: "9": value is not a multiple of a given step (2) from (4)
                    """)
    void devices(String more, String errors) {
        String json =
                "{'spec':{'driver':'a.com','allNodes':true,'pool':{'name':'p',"
                        + "'resourceSliceCount':1},'devices':[{'name':'d',"
                        + more
                        + "}]}}";
        assertThat(RuleTables.mistakes("resourceslices", json))
                .isEqualTo(
                        errors.isEmpty()
                                ? ""
                                : "spec.devices[0]."
                                        + errors.replace(" && ", " && spec.devices[0]."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    resourceclaims | {'spec':{'devices':{}}} | {'spec':{'devices':{'requests':[{'name':'A'}]}}} | spec: Invalid value: {"devices":{"requests":[{"name":"A"}]}}: field is immutable
                    resourceslices | {'spec':{'driver':'a','nodeName':'n','pool':{'name':'p'}}} | {'spec':{'driver':'b','nodeName':'m','pool':{'name':'q'}}} | spec.pool.name: Invalid value: "q": field is immutable && spec.driver: Invalid value: "b": field is immutable && spec.nodeName: Invalid value: "m": field is immutable
                    """)
    void changes(String plural, String before, String after, String errors) {
        assertThat(RuleTables.changes(plural, before, after)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'reservedFor':[{'resource':'pods','name':'a','uid':'1'}]} | status.reservedFor: Forbidden: may not be specified when `allocated` is not set
                    {'reservedFor':[{}],'allocation':{}} | status.reservedFor[0].resource: Required value && status.reservedFor[0].name: Required value && status.reservedFor[0].uid: Required value
                    {'allocation':{'devices':{'results':[{'request':'a','driver':'d.com','pool':'p','device':'x'}]}}} | ``
                    {'allocation':{'devices':{'results':[{'request':'b','driver':'d.com','pool':'p//q','device':'x','shareID':'1'}]}}} | status.allocation.devices.results[0].request: Invalid value: "b": must be the name of a request in the claim or the name of a request and a subrequest separated by '/' && status.allocation.devices.results[0].pool: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*') && status.allocation.devices.results[0].shareID: Invalid value: "1": uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters
                    {'allocation':{'devices':{'config':[{'source':'FromMe','opaque':{'driver':'d','parameters':{}}}]}}} | status.allocation.devices.config[0].source: Unsupported value: "FromMe": supported values: "FromClaim", "FromClass"
                    {'devices':[{'driver':'d.com','pool':'p','device':'x'}]} | status.devices[0]: Invalid value: "d.com/p/x": must be an allocated device in the claim
                    {'allocation':{'devices':{'results':[{'request':'a','driver':'d.com','pool':'p','device':'x'}]}},'devices':[{'driver':'d.com','pool':'p','device':'x','conditions':[{'type':'Ready','status':'Yes','reason':'-'}],'networkData':{'ips':['10.0.0.1','10.0.0.001/24']}}]} | status.devices[0].conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown" && status.devices[0].conditions[0].lastTransitionTime: Required value && status.devices[0].conditions[0].reason: Invalid value: "-": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?') && status.devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64) && status.devices[0].networkData.ips[1]: Invalid value: "10.0.0.001/24": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)
                    """)
    void statusOfAClaim(String status, String errors) {
        String spec =
                "'spec':{'devices':{'requests':[{'name':'a','exactly':{'deviceClassName':'g'}}]}}";
        assertThat(
                        RuleTables.statusMistakes(
                                "resourceclaims",
                                "{" + spec + "}",
                                "{" + spec + ",'status':" + status + "}"))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'exactly':{'deviceClassName':'g'}} | {'exactly':{'deviceClassName':'g','allocationMode':'ExactCount','count':1}}
                    {'exactly':{'deviceClassName':'g','allocationMode':'All'}} | {'exactly':{'deviceClassName':'g','allocationMode':'All'}}
                    {'firstAvailable':[{'tolerations':[{'key':'k'}]}]} | {'firstAvailable':[{'tolerations':[{'key':'k','operator':'Equal'}],'allocationMode':'ExactCount','count':1}]}
                    """)
    void defaultsOfRequests(String request, String defaulted) {
        String form = "{'spec':{'devices':{'requests':[%s]}}}";
        ObjectNode claim = object(form.formatted(request));
        BuiltinTypes.RESOURCE_CLAIMS.strategy().applyDefaults(claim);
        assertThat(claim).isEqualTo(object(form.formatted(defaulted)));
        BuiltinTypes.RESOURCE_CLAIMS.strategy().applyDefaults(claim);
        assertThat(claim).isEqualTo(object(form.formatted(defaulted)));
    }

    /** Which claims were made for a pod. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    [{'name':'gpu','resourceClaimName':'p-gpu-x'},{'name':'net'}] | ``
                    [{'name':'other'}] | [0].name: Invalid value: "other": must match the name of an entry in `spec.resourceClaims`
                    [{'name':'gpu'},{'name':'gpu'}] | [1].name: Duplicate value: "gpu"
                    """)
    void claimsOfAPodsStatus(String statuses, String errors) {
        String spec =
                "'spec':{'resourceClaims':[{'name':'gpu','resourceClaimTemplateName':'t'},{'name':'net','resourceClaimTemplateName':'t'}]}";
        assertThat(
                        RuleTables.statusMistakes(
                                "pods",
                                "{" + spec + "}",
                                "{"
                                        + spec
                                        + ",'status':{'resourceClaimStatuses':"
                                        + statuses
                                        + "}}"))
                .isEqualTo(errors.isEmpty() ? "" : "status.resourceClaimStatuses" + errors);
    }

    @Test
    void whatIsToldOfDevicesGoesWithThem() {
        String device = "{'driver':'d.com','pool':'p','device':'%s'}";
        String both = device.formatted("x") + "," + device.formatted("y");
        ObjectNode old =
                object(
                        "{'status':{'allocation':{'devices':{'results':[%s]}},'devices':[%s]}}"
                                .formatted(both, both));
        ObjectNode claim =
                object(
                        "{'status':{'allocation':{'devices':{'results':[%s]}},'devices':[%s]}}"
                                .formatted(device.formatted("y"), both));
        RuleTables.type("resourceclaims").strategy().prepareForStatusUpdate(claim, old);
        assertThat(claim.at("/status/devices"))
                .isEqualTo(object("{'d':[%s]}".formatted(device.formatted("y"))).path("d"));
        ObjectNode none = object("{'status':{'devices':[%s]}}".formatted(both));
        RuleTables.type("resourceclaims").strategy().prepareForStatusUpdate(none, old);
        assertThat(none.path("status").has("devices")).isFalse();
    }
}
