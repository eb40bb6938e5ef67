package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
    @Test
    void aProcessIsAliveOrGone() throws Exception {
        Process child = new ProcessBuilder("sleep", "600").start();
        ProcessIdentity identity = ProcessIdentity.of(child.pid()).orElseThrow();
        ProcessIdentity before = ProcessIdentity.ofThisBoot(child.pid(), identity.startTicks() - 1);
        ProcessIdentity otherBoot = new ProcessIdentity(child.pid(), identity.startTicks(), "another");
        assertThat(identity.alive()).isTrue();
        assertThat(identity.gone()).isFalse();
        assertThat(before.gone()).isTrue();
        assertThat(otherBoot.gone()).isTrue();
        child.destroyForcibly().waitFor();
        assertThat(identity.alive()).isFalse();
        assertThat(identity.gone()).isTrue();
    }
}
