package io.hypernetes.runtime.vm;

/** What executes a guest's instructions. */
public enum Accelerator {
    /** The processor itself. */
    KVM,
    /** QEMU's translator: works everywhere, about ten times slower. */
    TCG
}
