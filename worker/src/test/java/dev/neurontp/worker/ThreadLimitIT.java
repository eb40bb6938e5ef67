package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host that gives no more threads, as a limit on processes does (ulimit -u, a cgroup's pids.max), set once the worker runs. Such
 * a limit does not bind root: the worker is then of another user.
 */
@Timeout(120)
class ThreadLimitIT {
    private static final String PING = "{\"op\":\"ping\"}";
    private static final String LIMIT = "the host's limit on processes and threads is reached (ulimit -u is 1,";

    private static final List<String> AS_ANOTHER_USER =
            List.of("setpriv", "--reuid=65533", "--regid=65533", "--clear-groups");

    @BeforeAll
    static void theLimitBinds() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "SKIPPED: there is no prlimit");
        List<String> command = new ArrayList<>(user());
        command.addAll(List.of("test", "-r", Programs.neuron()));
        assumeTrue(
                new ProcessBuilder(command).start().waitFor() == 0,
                "SKIPPED: another user cannot read " + Programs.neuron());
    }

    private static List<String> user() {
        return "root".equals(System.getProperty("user.name")) ? AS_ANOTHER_USER : List.of();
    }

    private static ProgramProcess start(String... arguments) {
        List<String> command = new ArrayList<>(user());
        command.add(Programs.neuron());
        command.addAll(Arrays.asList(arguments));
        return ProgramProcess.command(Map.of("HOME", "/"), command);
    }

    private static void limit(ProgramProcess worker) {
        try {
            List<String> command = new ArrayList<>(user());
            command.addAll(List.of("prlimit", "--pid=" + worker.pid(), "--nproc=1:1"));
            Process prlimit = new ProcessBuilder(command).inheritIO().start();
            assertThat(prlimit.waitFor()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInitThatNeedsAThreadFailsAtOnceAndNamesTheLimit() {
        try (ProgramProcess creator = ProgramProcess.neuron("--comm-id", "--communicator=loopback");
                ProgramProcess worker = start("--worker", "--communicator=loopback", "--tp-size=2")) {
            worker.ask(PING);
            limit(worker);
            assertThat(worker.ask("{\"op\":\"init\",\"comm_id\":\"" + creator.line() + "\"}"))
                    .contains("nccl_init_failed", LIMIT);
            assertThat(worker.ask(PING)).contains("pong");
        }
    }

    @Test
    void itStillEndsWithItsInput() {
        try (ProgramProcess worker = start("--worker")) {
            worker.ask(PING);
            limit(worker);
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void itStillAnswersAndEndsByShutdown() {
        try (ProgramProcess worker = start("--worker")) {
            worker.ask("no json");
            limit(worker);
            assertThat(worker.ask(PING)).contains("pong");
            assertThat(worker.ask("{\"op\":\"shutdown\"}")).contains("bye");
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void theCreatorOfACommIdThatCannotAcceptARankFailsTheGroup() {
        try (ProgramProcess creator = start("--comm-id", "--communicator=loopback");
                ProgramProcess worker = ProgramProcess.worker(Map.of(), "loopback", 0, 1, 0)) {
            String commId = creator.line();
            limit(creator);
            assertThat(worker.ask("{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}"))
                    .contains("nccl_init_failed", "the rendezvous");
        }
    }
}
