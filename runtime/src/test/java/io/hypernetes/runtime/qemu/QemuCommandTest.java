package io.hypernetes.runtime.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.runtime.vm.Accelerator;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.NicSpec;
import io.hypernetes.runtime.vm.VmSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

class QemuCommandTest {

    private static final Path KERNEL = Path.of("/g/vmlinux");
    private static final Path INITRD = Path.of("/g/initrd");
    private static final Path MEMORY = Path.of("/m/t.ram");

    private final QemuCommand command =
            new QemuCommand(Accelerator.TCG, 128, 1, Path.of("/d/vm/a"));

    @Test
    void aCloneIsItsTemplatesMachineWithPrivateMemory() {
        List<String> template = command.boot(KERNEL, INITRD, MEMORY);
        List<String> clone = command.clone(KERNEL, INITRD, MEMORY);

        assertThat(clone.stream().map(word -> word.replace("share=off", "share=on")))
                .startsWith(template.toArray(String[]::new));
        assertThat(clone)
                .contains("memory-backend-file,id=mem,size=128M,mem-path=/m/t.ram,share=off");
    }

    @Test
    void aCloneMayNotStartProcessesNorRunBeforeItIsTold() {
        assertThat(command.clone(KERNEL, INITRD, MEMORY))
                .containsSequence("-incoming", "defer", "-S", "-sandbox")
                .anyMatch(word -> word.contains("spawn=deny"));
    }

    @Test
    void theEmulatorIsLeftOutWhereTheProcessorCan() {
        QemuCommand kvm = new QemuCommand(Accelerator.KVM, 128, 1, Path.of("/d"));

        assertThat(kvm.boot(KERNEL, INITRD, MEMORY))
                .containsSequence("-accel", "kvm", "-cpu", "host");
    }

    @ParameterizedTest
    @CsvSource({"96,128", "128,128", "129,192", "192,192", "193,256", "300,384", "1025,1536"})
    void memoryIsRoundedUpToASizeWithATemplate(int asked, int given) {
        assertThat(MemorySize.of(asked)).isEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "a b", "-x", "a\nb"})
    void anIdThatIsNoFileNameIsRefused(String id) {
        assertThatThrownBy(() -> new VmSpec(id, 128, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMachineTooSmallForItsKernelIsRefused() {
        assertThatThrownBy(() -> new VmSpec("a", 64, 1)).hasMessageContaining("96 MiB");
    }

    @Test
    void whatWouldBeReadAsAnotherOptionIsRefused() {
        Path path = Path.of("/x");
        assertThatThrownBy(() -> new DiskSpec("a,b", path, DiskSpec.Driver.FILE, true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NicSpec("n", "tap0,x=y", "02:00:00:00:00:01", 1400))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
