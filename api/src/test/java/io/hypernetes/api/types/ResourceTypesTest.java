package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;

import org.junit.jupiter.api.Test;

class ResourceTypesTest {

    private static final ResourceTypes TYPES = ResourceTypes.BUILTIN;

    @Test
    void eachTypeIsFoundByEveryOfItsNames() {
        for (ResourceType type : BuiltinTypes.ALL) {
            assertThat(TYPES.find(type.id()).orElseThrow().kind()).isEqualTo(type.kind());
            assertThat(TYPES.find(type.groupVersionKind())).contains(type);
            assertThat(TYPES.find(type.id().group(), type.version(), type.id().resource()))
                    .contains(type);
            assertThat(TYPES.in(type.id().group(), type.version())).contains(type);
        }
    }

    @Test
    void namesThatUsersTypeAreUnambiguous() {
        assertThat(TYPES.stored()).extracting(ResourceType::id).doesNotHaveDuplicates();
        assertThat(TYPES.stored()).extracting(ResourceType::kind).doesNotHaveDuplicates();
        assertThat(TYPES.stored().stream().flatMap(type -> type.shortNames().stream()))
                .doesNotHaveDuplicates()
                .contains("ns", "no", "po", "cm", "sa", "ev", "pvc", "pv", "svc", "ep", "sc");
    }

    @Test
    void ofSeveralVersionsTheFirstIsPreferredAndAllAreKeptInOnePlace() {
        assertThat(TYPES.find(BuiltinTypes.ROLES.id())).contains(BuiltinTypes.ROLES);
        ResourceType older =
                TYPES.find("rbac.authorization.k8s.io", "v1alpha1", "roles").orElseThrow();
        assertThat(older.isStored()).isFalse();
        assertThat(older.storage().location()).isEqualTo(BuiltinTypes.ROLES.id());
        assertThat(BuiltinTypes.EVENTS_V1.storage().location()).isEqualTo(BuiltinTypes.EVENTS.id());
        assertThat(TYPES.stored()).doesNotContain(older, BuiltinTypes.EVENTS_V1);
    }

    @Test
    void anotherVersionOrGroupIsNotFound() {
        assertThat(TYPES.find("", "v2", "pods")).isEmpty();
        assertThat(TYPES.find(new GroupResource("apps", "pods"))).isEmpty();
        assertThat(TYPES.find(new GroupVersionKind("", "v1", "Nothing"))).isEmpty();
    }
}
