package io.hypernetes.store.etcd;

class ThreeMemberIT extends EtcdConformance {
    ThreeMemberIT() {
        super(3);
    }
}
