package io.hypernetes.api.schema;

import static io.hypernetes.api.schema.Trees.pod;
import static io.hypernetes.api.schema.Trees.schema;
import static io.hypernetes.api.schema.Trees.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

final class StrategicMergePatchTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    containers merge by name | {'containers':[{'name':'a','image':'1','tty':true},{'name':'b'}]} | {'containers':[{'name':'a','image':'2'}]} | {'containers':[{'name':'a','image':'2','tty':true},{'name':'b'}]}
                    new items go before the server's own | {'containers':[{'name':'a'}]} | {'containers':[{'name':'b'}]} | {'containers':[{'name':'b'},{'name':'a'}]}
                    an item is deleted by directive | {'containers':[{'name':'a'},{'name':'b'}]} | {'containers':[{'name':'a','$patch':'delete'}]} | {'containers':[{'name':'b'}]}
                    a list is replaced by directive | {'containers':[{'name':'a'},{'name':'b'}]} | {'containers':[{'name':'c'},{'$patch':'replace'}]} | {'containers':[{'name':'c'}]}
                    an object is replaced by directive | {'securityContext':{'runAsUser':1,'fsGroup':2}} | {'securityContext':{'$patch':'replace','runAsUser':3}} | {'securityContext':{'runAsUser':3}}
                    an object is emptied by directive | {'securityContext':{'runAsUser':1}} | {'securityContext':{'$patch':'delete'}} | {'securityContext':{}}
                    null deletes | {'nodeName':'n','nodeSelector':{'a':'1','b':'2'}} | {'nodeName':null,'nodeSelector':{'a':null}} | {'nodeSelector':{'b':'2'}}
                    null of an absent field does nothing | {'nodeName':'n'} | {'hostname':null,'affinity':{'nodeAffinity':null}} | {'nodeName':'n','affinity':{}}
                    lists without strategy are replaced | {'containers':[{'name':'a','args':['x','y']}]} | {'containers':[{'name':'a','args':['z']}]} | {'containers':[{'name':'a','args':['z']}]}
                    tolerations are atomic | {'tolerations':[{'key':'a'}]} | {'tolerations':[{'key':'b'}]} | {'tolerations':[{'key':'b'}]}
                    nested lists merge | {'containers':[{'name':'a','env':[{'name':'X','value':'1'},{'name':'Y','value':'2'}]}]} | {'containers':[{'name':'a','env':[{'name':'Y','value':'3'}]}]} | {'containers':[{'name':'a','env':[{'name':'X','value':'1'},{'name':'Y','value':'3'}]}]}
                    ports merge by number | {'containers':[{'name':'a','ports':[{'containerPort':80,'protocol':'TCP'}]}]} | {'containers':[{'name':'a','ports':[{'containerPort':80,'name':'http'}]}]} | {'containers':[{'name':'a','ports':[{'containerPort':80,'protocol':'TCP','name':'http'}]}]}
                    ports of one number are not lost | {'containers':[{'name':'a','ports':[{'containerPort':53,'protocol':'TCP'},{'containerPort':53,'protocol':'UDP'}]}]} | {'containers':[{'name':'a','image':'i'}]} | {'containers':[{'name':'a','ports':[{'containerPort':53,'protocol':'TCP'},{'containerPort':53,'protocol':'UDP'}],'image':'i'}]}
                    nor when one of them is patched | {'containers':[{'name':'a','ports':[{'containerPort':53,'protocol':'TCP'},{'containerPort':53,'protocol':'UDP'}]}]} | {'containers':[{'name':'a','ports':[{'containerPort':53,'name':'dns'}]}]} | {'containers':[{'name':'a','ports':[{'containerPort':53,'protocol':'TCP','name':'dns'},{'containerPort':53,'protocol':'UDP'}]}]}
                    order is set with items deleted | {'containers':[{'name':'a'},{'name':'b'},{'name':'c'}]} | {'$setElementOrder/containers':[{'name':'c'},{'name':'b'}],'containers':[{'name':'a','$patch':'delete'},{'name':'b','image':'i'}]} | {'containers':[{'name':'c'},{'name':'b','image':'i'}]}
                    order alone is a change | {'containers':[{'name':'a'},{'name':'b'}]} | {'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]} | {'containers':[{'name':'b'},{'name':'a'}]}
                    the server's own items keep their place | {'containers':[{'name':'a'},{'name':'sidecar'},{'name':'b'}]} | {'$setElementOrder/containers':[{'name':'a'},{'name':'b'}],'containers':[{'name':'b','image':'i'}]} | {'containers':[{'name':'a'},{'name':'sidecar'},{'name':'b','image':'i'}]}
                    volumes change their kind by retained keys | {'volumes':[{'name':'v','emptyDir':{}}]} | {'volumes':[{'name':'v','$retainKeys':['name','secret'],'secret':{'secretName':'s'}}]} | {'volumes':[{'name':'v','secret':{'secretName':'s'}}]}
                    directives of new values are dropped | {} | {'$setElementOrder/containers':[{'name':'a'}],'containers':[{'name':'a','$retainKeys':['name']},{'name':'b','$patch':'delete'}]} | {'containers':[{'name':'a'}]}
                    """)
    void merges(String what, String original, String patch, String expected) {
        ObjectNode before = tree("{'spec':" + original + "}");
        ObjectNode change = tree("{'spec':" + patch + "}");
        assertThat(StrategicMergePatch.apply(pod(), before, change))
                .as(what)
                .isEqualTo(tree("{'spec':" + expected + "}"));
        assertThat(before).isEqualTo(tree("{'spec':" + original + "}"));
        assertThat(change).isEqualTo(tree("{'spec':" + patch + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'finalizers':['b','c']} | ['a','b','c']",
                "{'$deleteFromPrimitiveList/finalizers':['a']} | ['b']",
                "{'$setElementOrder/finalizers':['b','a']} | ['b','a']",
                "{'$deleteFromPrimitiveList/finalizers':['a'],'$setElementOrder/finalizers':['c','b'],'finalizers':['c']}"
                    + " | ['c','b']",
            })
    void listsOfScalarsMergeAsSets(String patch, String expected) {
        ObjectNode before = tree("{'metadata':{'finalizers':['a','b']}}");
        assertThat(StrategicMergePatch.apply(pod(), before, tree("{'metadata':" + patch + "}")))
                .isEqualTo(tree("{'metadata':{'finalizers':" + expected + "}}"));
    }

    @Test
    void deploymentStrategiesRetainKeys() {
        assertThat(
                        StrategicMergePatch.apply(
                                schema("io.k8s.api.apps.v1.Deployment"),
                                tree(
                                        "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}}"),
                                tree(
                                        "{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}")))
                .isEqualTo(tree("{'spec':{'strategy':{'type':'Recreate'}}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'containers':[{'image':'x'}]} | map: map[image:x] does not contain declared merge"
                        + " key: name",
                "{'containers':[{'name':'a','$patch':'merge'}]} | merging lists cannot yet be"
                        + " specified in the patch",
                "{'containers':[{'name':'a','$patch':'eat'}]} | unknown patch type: eat in map:"
                        + " map[$patch:eat name:a]",
                "{'containers':[7]} | list element types are not identical",
                "{'$retainKeys':['x'],'nodeName':'n'} | invalid patch format of retainKeys",
                "{'$setElementOrder/containers':'x'} | invalid patch format of setElementOrder"
                        + " list",
            })
    void malformedPatchesAreRefused(String patch, String message) {
        ObjectNode before = tree("{'spec':{'containers':[{'name':'a'}]}}");
        assertThatThrownBy(() ->
                        StrategicMergePatch.apply(pod(), before, tree("{'spec':" + patch + "}")))
                .hasMessage(message);
    }

    @Test
    void whatTheSchemaDoesNotKnowMergesPlainly() {
        assertThat(
                        StrategicMergePatch.apply(
                                schema("io.hypernetes.v1.User"),
                                tree("{'x':{'l':[1],'k':1}}"),
                                tree("{'x':{'l':[2]}}")))
                .isEqualTo(tree("{'x':{'l':[2],'k':1}}"));
    }
}
