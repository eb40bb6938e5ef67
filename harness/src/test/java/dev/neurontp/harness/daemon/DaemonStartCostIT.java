package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon gets ready before it listens, since {@code tpctl up} waits for that. */
@Timeout(120)
class DaemonStartCostIT {
    @TempDir
    private Path folder;

    @Test
    void itListensWithoutJmx() throws Exception {
        Path log = folder.resolve("classes");
        Path runtime = folder.resolve("runtime");
        ProcessBuilder builder = new ProcessBuilder(Programs.neuron(), "--port", "0", "--stop-on-stdin-eof")
                .redirectError(Redirect.DISCARD);
        builder.environment().put("NEURON_RUNTIME_DIR", runtime.toString());
        builder.environment().put("NEURON_JAVA_OPTS", "-Xlog:class+init:file=" + log);
        Process daemon = builder.start();
        try (BufferedReader stdout = daemon.inputReader()) {
            String line = stdout.readLine();
            while (line != null && !line.equals("status=listening")) {
                line = stdout.readLine();
            }
            assertThat(line).isNotNull();
            daemon.getOutputStream().close();
            assertThat(daemon.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            daemon.destroyForcibly();
        }
        List<String> initialised = Files.readAllLines(log);
        assertThat(initialised).anyMatch(line -> line.contains("org/eclipse/jetty/server/Server"));
        assertThat(initialised).noneMatch(line -> line.contains("com/sun/jmx/"));
    }
}
