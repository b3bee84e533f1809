package io.hypernetes.api.patch;

import static io.hypernetes.api.Trees.node;
import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

class MergePatchTest {

    /** Cases of RFC 7386, Appendix A, whose targets are objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':'b'} | {'a':'c'} | {'a':'c'}",
                "{'a':'b'} | {'b':'c'} | {'a':'b','b':'c'}",
                "{'a':'b'} | {'a':null} | {}",
                "{'a':'b','b':'c'} | {'a':null} | {'b':'c'}",
                "{'a':['b']} | {'a':'c'} | {'a':'c'}",
                "{'a':'c'} | {'a':['b']} | {'a':['b']}",
                "{'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}",
                "{'e':null} | {'a':1} | {'e':null,'a':1}",
                "{} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}"
            })
    void appliesAsTheRfcSays(String target, String patch, String result) {
        ObjectNode original = object(target);
        assertThat(MergePatch.apply(node(patch), original)).isEqualTo(object(result));
        assertThat(original).isEqualTo(object(target));
    }

    @Test
    void aPatchThatIsNoObjectIsRefused() {
        assertThatThrownBy(() -> MergePatch.apply(node("[1]"), object("{}")))
                .isInstanceOf(ApiException.class);
    }

    @Property(tries = 300)
    void applyingTwiceIsApplyingOnce(
            @ForAll @Size(max = 4) Map<@AlphaChars @StringLength(max = 2) String, Integer> fields,
            @ForAll @Size(max = 4)
                    Map<@AlphaChars @StringLength(max = 2) String, Integer> changes) {
        ObjectNode target = JsonNodeFactory.instance.objectNode();
        fields.forEach(target::put);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        changes.forEach((name, value) -> {
            if (value % 2 == 0) {
                patch.putNull(name);
            } else {
                patch.put(name, value);
            }
        });
        ObjectNode once = MergePatch.apply(patch, target);
        assertThat(MergePatch.apply(patch, once)).isEqualTo(once);
    }
}
