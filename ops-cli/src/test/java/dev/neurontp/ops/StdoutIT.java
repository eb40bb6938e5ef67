package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing but tpctl's own output is on its stdout, whatever becomes of its JVM and whatever its streams are. */
@Timeout(120)
class StdoutIT {
    private static final String ID = "k3vd7q2m";
    private static final int ABORTED = 128 + 6;

    @TempDir
    private Path folder;

    /** {@code $0} is tpctl, and {@code $1} a folder of the test's. */
    private ProgramProcess shell(Map<String, String> environment, String script) {
        return ProgramProcess.command(environment, List.of("sh", "-c", script, Programs.tpctl(), folder.toString()));
    }

    @Test
    void aJvmThatCrashesSpeaksOnStderr() throws Exception {
        Map<String, String> environment = Map.of("NEURON_JAVA_OPTS", "-XX:ErrorFile=" + folder.resolve("hs_err"));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort();
            Path token = Files.writeString(folder.resolve("token"), "a".repeat(64));
            String script = "ulimit -c 0; exec \"$0\" ls --host " + url + " --token-file " + token;
            try (ProgramProcess tpctl = shell(environment, script)) {
                silent.accept();
                tpctl.signal("SEGV");
                assertThat(tpctl.exitCode()).isEqualTo(ABORTED);
                assertThat(tpctl.stdout()).isEmpty();
                assertThat(tpctl.stderr()).contains("A fatal error has been detected");
            }
        }
    }

    @Test
    void whatTheJavaLauncherSaysOfItselfIsNotAskedFor() {
        Map<String, String> environment = Map.of("_JAVA_LAUNCHER_DEBUG", "1", "NEURON_JAVA_OPTS", "-Da=b");
        try (ProgramProcess tpctl = ProgramProcess.tpctl(environment, "--version")) {
            assertThat(tpctl.exitCode()).isZero();
            assertThat(tpctl.stdout()).singleElement().asString().startsWith("tpctl ");
            assertThat(tpctl.stderr()).isEmpty();
        }
    }

    @Test
    void aClosedStdoutIsNoSuccess() {
        try (ProgramProcess tpctl = shell(Map.of(), "exec \"$0\" --version >&-")) {
            assertThat(tpctl.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(tpctl.stderr())
                    .contains("not all output could be written to stdout")
                    .hasLineCount(1);
        }
    }

    /** What was asked for was a verdict, too. */
    @ParameterizedTest
    @CsvSource({"status, 1", "describe, 1", "ping, 3", "top --once, 4"})
    void theExitCodeOutlivesTheReader(String command, int exitCode) throws Exception {
        FakeDaemon daemon = FakeDaemon.withOnePool(ID)
                .on("GET /pools/" + ID, 200, Examples.failedPool(ID))
                .refusing("GET /health", 409, "busy", "busy: sanity")
                .refusing("POST /pools/" + ID + "/ping", 409, "pool_ended", "it was shut down");
        String pipe = "{ until [ -e $1/closed ]; do :; done; \"$0\" " + command + " --host " + daemon.url()
                + " --token-file " + daemon.tokenFile()
                + "; echo $? >$1/part; mv $1/part $1/code; } | { exec <&-; : >$1/closed; until [ -e $1/code ]; do :; done; }";
        try (ProgramProcess tpctl = shell(Map.of(), pipe)) {
            assertThat(tpctl.exitCode()).as(tpctl.stderr()).isZero();
            assertThat(folder.resolve("code")).hasContent(Integer.toString(exitCode));
        } finally {
            daemon.close();
            Files.delete(daemon.tokenFile());
        }
    }

    @Test
    void itWritesWithoutStdinAndWithoutStderr() {
        for (String closed : List.of("<&-", "2>&-", "<&- 2>&-")) {
            try (ProgramProcess tpctl = shell(Map.of(), "exec \"$0\" --version " + closed)) {
                assertThat(tpctl.exitCode()).as(closed).isZero();
                assertThat(tpctl.stdout()).singleElement().asString().startsWith("tpctl ");
                assertThat(tpctl.stderr()).isEmpty();
            }
        }
    }

    /** A file has one position for all that write to it, and for all that read from it. */
    @Test
    void aFileThatOthersUseTooIsWrittenAndReadWhereTheyAre() throws Exception {
        Path pool = folder.resolve("pool");
        Files.writeString(pool, "not this line\nsize = 1\n");
        String script = "{ echo first; \"$0\" --version; echo last; } >\"$1/out\"; "
                + "{ read -r line; \"$0\" apply -f -; } <\"$1/pool\"; echo code $?";
        try (ProgramProcess all = shell(Map.of("NEURON_RUNTIME_DIR", folder.toString()), script)) {
            assertThat(all.stdout()).containsExactly("code 2");
            assertThat(all.stderr()).contains("stdin line 1, column 1: there is no key 'size'");
        }
        assertThat(Files.readAllLines(folder.resolve("out")))
                .hasSize(3)
                .startsWith("first")
                .endsWith("last");
    }
}
