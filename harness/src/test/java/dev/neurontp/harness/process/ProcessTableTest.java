package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
    @TempDir
    private Path folder;

    @Test
    void aNameWithBracketsAndBlanksIsReadWhole() throws Exception {
        Path program = folder.resolve("a) R 1 (b");
        Files.copy(Path.of("/bin/sleep"), program, StandardCopyOption.COPY_ATTRIBUTES);
        Process process = new ProcessBuilder(program.toString(), "60").start();
        try {
            ProcStat stat = ProcStat.read(process.pid()).orElseThrow();
            assertThat(stat.parent()).isEqualTo(ProcessHandle.current().pid());
            assertThat(stat.startTicks()).isPositive();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void anIdentityIsOneProcessForEver() throws Exception {
        Process process = new ProcessBuilder("/bin/sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
        ProcessIdentity earlier = new ProcessIdentity(identity.pid(), identity.startTicks() - 1, identity.bootId());
        ProcessIdentity otherBoot = new ProcessIdentity(identity.pid(), identity.startTicks(), "another boot");
        assertThat(identity.alive()).isTrue();
        assertThat(earlier.alive()).isFalse();
        assertThat(otherBoot.alive()).isFalse();
        earlier.kill();
        otherBoot.kill();
        assertThat(process.isAlive()).isTrue();
        identity.kill();
        process.waitFor();
        assertThat(identity.alive()).isFalse();
    }

    @Test
    void descendantsAndTheSessionAreFound() throws Exception {
        String script = "sleep 60 & setsid sleep 60 & echo started; wait";
        Process process = new ProcessBuilder("setsid", "sh", "-c", script).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("started");
            ProcessIdentity root = ProcessIdentity.of(process.pid()).orElseThrow();
            Awaitility.await().untilAsserted(() -> {
                assertThat(ProcessTable.read().descendants(root))
                        .extracting(ProcStat::name)
                        .containsExactly("sleep", "sleep");
                assertThat(ProcessTable.read().session(root))
                        .extracting(ProcStat::name)
                        .containsExactly("sleep");
            });
            ProcessIdentity another = new ProcessIdentity(root.pid(), root.startTicks() - 1, root.bootId());
            assertThat(ProcessTable.read().descendants(another)).isEmpty();
            assertThat(ProcessTable.read().session(another)).isEmpty();
        } finally {
            List<ProcessHandle> all = process.descendants().toList();
            process.destroyForcibly().waitFor();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
