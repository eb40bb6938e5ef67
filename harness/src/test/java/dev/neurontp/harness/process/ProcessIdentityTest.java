package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** As a daemon is whose connections have taken them all. */
    @Test
    void withoutAFreeDescriptorNobodyIsTakenForGoneWhoCannotBeSeen() throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String program = "ulimit -n 256; exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", program, "sh"));
        command.addAll(Programs.java("-cp", classPath, WithoutDescriptors.class.getName()));
        try (ProgramProcess looks = ProgramProcess.command(Map.of(), command)) {
            assertThat(looks.exitCode()).as(looks.stderr()).isZero();
            assertThat(looks.stdout())
                    .containsExactly(
                            "before children=true gone=false,false,true stopped=false unseen=false,Optional.empty",
                            "without children=false gone=false,false,true stopped=false unseen=true,true");
        }
    }
}
