package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.process.WorkerCommand;
import dev.neurontp.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolLaunchTest {
    private static final String MARK_NAME = "NEURONTP_TEST_MARK";
    private static final String MARK = MARK_NAME + "=" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @Test
    void aPoolHasAtLeastOneRank() {
        refused(List.of("/bin/true"), 0, List.of(), "the world size is 0: a pool has at least 1 rank");
        refused(List.of("/bin/true"), -3, List.of(), "the world size is -3: a pool has at least 1 rank");
    }

    /** A typing error must not fill the host with processes. */
    @Test
    void aPoolHasAtMost1024Ranks() {
        refused(
                List.of("/bin/true"),
                1025,
                TestPool.devices(1025),
                "the world size is 1025: a pool has at most 1024 ranks, since each is a process of this host");
        assertThatThrownBy(() -> WorkerPool.firstDevices(2_000_000_000)).hasMessageContaining("at most 1024 ranks");
        assertThat(WorkerPool.firstDevices(3)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void everyRankHasADeviceRankZeroToo() {
        refused(
                List.of("/bin/true"),
                3,
                List.of(1L, 2L),
                "the devices are [1, 2], 2 in number, for 3 ranks: every rank has one, rank 0 too");
    }

    @Test
    void aDeviceIsAnUnsigned32BitNumber() {
        refused(
                List.of("/bin/true"),
                2,
                List.of(0L, 4294967296L),
                "the device of rank 1 is 4294967296: it must be between 0 and 4294967295");
        refused(List.of("/bin/true"), 2, List.of(-1L, 0L), "the device of rank 0 is -1");
    }

    @Test
    void aCommandThatDoesNotExistIsRefused() {
        String program = folder.resolve("neuron").toString();
        refused(List.of(program), 2, List.of(0L, 1L), "the worker command '" + program + "' does not exist");
    }

    @Test
    void aCommandThatIsNotOnThePathIsRefused() {
        refused(List.of("no-such-neuron"), 2, List.of(0L, 1L), "'no-such-neuron' is not on the PATH");
    }

    @Test
    void aDirectoryIsRefused() {
        refused(List.of(folder.toString()), 2, List.of(0L, 1L), "is a directory");
    }

    @Test
    void aFileThatIsNotExecutableIsRefused() throws Exception {
        Path program = Files.writeString(folder.resolve("neuron"), "#!/bin/sh\n");
        refused(List.of(program.toString()), 2, List.of(0L, 1L), "is not executable: chmod +x " + program);
    }

    @Test
    void noCommandIsRefused() {
        refused(List.of(), 2, List.of(0L, 1L), "the worker command is empty");
        refused(List.of(" "), 2, List.of(0L, 1L), "the worker command is empty");
    }

    /** An executable file that the kernel cannot run: setsid prints the reason, which is in the failure. */
    @Test
    void aBrokenBinaryFailsWithTheReason() throws Exception {
        Path program = Files.write(folder.resolve("neuron"), new byte[] {0x7F, 'E', 'L', 'F', 0, 0, 0});
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        PoolOptions options = PoolOptions.DEFAULT.withDeadlines(TestPool.DEADLINES);
        assertThatThrownBy(() -> {
                    try (WorkerPool pool = WorkerPool.spawn(List.of(program.toString()), 2, List.of(0L, 1L), options)) {
                        pool.pingAll();
                    }
                })
                .isInstanceOf(PoolFailure.class)
                .hasMessageContaining("failed on rank 1 (pid ")
                .hasMessageContaining("its end: exit 12")
                .hasMessageContaining(program.toString());
    }

    @Test
    void aShellThatTheHostGaveNoProcessIsToldWithTheLimit() throws Exception {
        Path program =
                Files.writeString(folder.resolve("neuron"), "#!/bin/sh\necho \"$0: 18: Cannot fork\" >&2\nexit 2\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        PoolOptions options = PoolOptions.DEFAULT.withDeadlines(TestPool.DEADLINES);
        assertThatThrownBy(() -> {
                    try (WorkerPool pool = WorkerPool.spawn(List.of(program.toString()), 2, List.of(0L, 1L), options)) {
                        pool.pingAll();
                    }
                })
                .isInstanceOf(PoolFailure.class)
                .hasMessageContaining("its end: exit 2")
                .hasMessageContaining("; the host's limit on processes and threads is reached (ulimit -u is ");
    }

    @Test
    void aProcessThatCannotBeStartedNamesItsRankAndTheCause() {
        PoolOptions options = PoolOptions.DEFAULT.withEnvironment(Map.of("HUGE", "x".repeat(200_000)));
        assertThatThrownBy(() -> WorkerPool.spawn(List.of("/bin/true"), 3, List.of(0L, 1L, 2L), options))
                .isInstanceOfSatisfying(
                        PoolFailure.class,
                        failure -> assertThat(failure.failures())
                                .extracting(RankFailure::rank)
                                .containsExactly(1, 2))
                .hasMessageStartingWith("spawn failed on rank 1 after ")
                .hasMessageContaining("Argument list too long");
    }

    /** With an environment that leaves room for the shorter command line only. */
    @Test
    void whereOneCannotBeStartedNoneIsLeft() throws Exception {
        int room = roomForOneDigit();
        List<PoolEvent> told = new ArrayList<>();

        assertThatThrownBy(() -> sleepers("exec sleep 300", told::add, room, 0, 4_294_967_295L))
                .isInstanceOfSatisfying(
                        PoolFailure.class,
                        failure -> assertThat(failure.failures())
                                .extracting(RankFailure::rank)
                                .containsExactly(2))
                .hasMessageContaining("Argument list too long");
        assertThat(Processes.with(MARK)).isEmpty();
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        PoolEvent.StartFailed.class,
                        failed -> assertThat(failed.ends().ends())
                                .singleElement()
                                .satisfies(end -> assertThat(end.rank()).isEqualTo(1)));
    }

    /** As workers do that are started by a script, or that start helpers; some in a session of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"sleep 300; :", "setsid sleep 300 & wait"})
    void whereOneCannotBeStartedNothingIsLeftThatTheOthersHaveStarted(String script) throws Exception {
        int room = roomForOneDigit();
        assertThatThrownBy(() -> sleepers(script, _ -> {}, room, 0, 4_294_967_295L))
                .isInstanceOf(PoolFailure.class);
        assertThat(Processes.with(MARK)).isEmpty();
    }

    /** How much of an environment a command line leaves whose device is one digit, and not one that has more. */
    private static int roomForOneDigit() throws InterruptedException {
        int most = 0;
        int tooMuch = 16 << 20;
        while (tooMuch - most > 1) {
            int middle = (most + tooMuch) / 2;
            if (starts(middle, 0)) {
                most = middle;
            } else {
                tooMuch = middle;
            }
        }
        // What else differs between two starts, such as a counter in the environment, takes some bytes of its own.
        return most - 4;
    }

    private static boolean starts(int bytes, long device) throws InterruptedException {
        try {
            sleepers("exec sleep 300", _ -> {}, bytes, device).close();
            return true;
        } catch (PoolFailure _) {
            return false;
        }
    }

    /** Workers on these devices that nothing but a signal ends, with so many bytes of environment more. */
    private static WorkerPool sleepers(String script, PoolEvent.Listener listener, int bytes, long... devices)
            throws PoolFailure, InterruptedException {
        Map<String, String> environment = new HashMap<>(Map.of(MARK_NAME, MARK.substring(MARK_NAME.length() + 1)));
        // One variable may have 128 KiB.
        for (int left = bytes; left > 0; left -= 100_000) {
            environment.put(String.format("PAD%04d", environment.size()), "x".repeat(Math.min(left, 100_000)));
        }
        PoolOptions options = PoolOptions.DEFAULT
                .withDeadlines(TestPool.DEADLINES)
                .withCommunicatorSource(new ScriptedCommunicators())
                .withCommandIsWorker(true)
                .withListener(listener)
                .withEnvironment(environment);
        List<Long> all = LongStream.concat(LongStream.of(0), LongStream.of(devices))
                .boxed()
                .toList();
        return WorkerPool.spawn(
                List.of("sh", "-c", script + " #" + " ".repeat(40 - script.length()), "sleeper"),
                all.size(),
                all,
                options);
    }

    @Test
    void anInterruptWhileItSpawnsIsSeenByTheNextCallAndLeavesNothing() throws Exception {
        Thread.currentThread().interrupt();
        try (TestPool test = TestPool.of("silent@1#1", 3)) {
            assertThatThrownBy(test.pool::pingAll).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(test.pool.state().state()).isEqualTo(PoolState.FAILED);
        }
    }

    @Test
    void aRelativeInterpreterFromThePathIsFound() throws Exception {
        WorkerCommand command = WorkerCommand.of(List.of("sh"));
        assertThat(command.words()).containsExactly("sh");
    }

    private static void refused(List<String> command, int worldSize, List<Long> devices, String reason) {
        assertThatThrownBy(() -> WorkerPool.spawn(command, worldSize, devices, PoolOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
