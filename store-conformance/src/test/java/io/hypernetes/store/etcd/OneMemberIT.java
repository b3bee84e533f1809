package io.hypernetes.store.etcd;

class OneMemberIT extends EtcdConformance {
    OneMemberIT() {
        super(1);
    }
}
