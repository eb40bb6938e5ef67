package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeftBehindTest {
    /** A look that failed must not be forgotten by one that asked for something else. */
    @Test
    void whatCouldNotBeSeenIsLookedForAgain() throws Exception {
        Process left = new ProcessBuilder("sleep", "7654").start();
        try {
            AtomicBoolean blind = new AtomicBoolean(true);
            LeftBehind ended = new LeftBehind();
            ended.end(Duration.ofMillis(50), table -> {
                if (blind.get()) {
                    table.unseen(new IOException("too many open files"));
                    return List.of();
                }
                return table.processes().stream()
                        .filter(process -> process.pid() == left.pid())
                        .toList();
            });
            assertThat(ended.unseen()).contains("too many open files");
            blind.set(false);
            ended.end(table -> List.of());
            assertThat(ended.names()).isEqualTo(List.of("sleep (pid " + left.pid() + ")"));
            assertThat(ended.unseen()).isEmpty();
        } finally {
            left.destroyForcibly();
        }
    }

    /** As of what daemonises: the first process has ended when the second is not there yet. */
    @Test
    void aLookThatFindsOnlyWhoHasEndedSinceIsFollowedByAnother() throws Exception {
        Process first = new ProcessBuilder("sleep", "7656").start();
        ProcStat seen = ProcStat.read(first.pid()).orElseThrow();
        first.destroyForcibly().waitFor();
        assertTheSecondLookEnds(_ -> List.of(seen));
    }

    /** One that shows nothing of whose it is has ended meanwhile, or is just becoming another program. */
    @Test
    void aLookAtOneThatShowsNothingIsFollowedByAnother() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.3 & echo $!; exec sleep 7657").start();
        try {
            long zombie = Long.parseLong(parent.inputReader().readLine());
            await().until(() -> ProcStat.read(zombie).filter(ProcStat::zombie).isPresent());
            assertTheSecondLookEnds(table -> {
                assertThat(table.marks(zombie)).isEmpty();
                return List.of();
            });
        } finally {
            parent.destroyForcibly();
        }
    }

    private static void assertTheSecondLookEnds(Function<ProcessTable, List<ProcStat>> atFirst) throws Exception {
        Process left = new ProcessBuilder("sleep", "7658").start();
        try {
            AtomicBoolean first = new AtomicBoolean(true);
            LeftBehind ended = new LeftBehind();
            ended.end(table -> first.getAndSet(false)
                    ? atFirst.apply(table)
                    : table.processes().stream()
                            .filter(process -> process.pid() == left.pid() && !process.zombie())
                            .toList());
            assertThat(ended.names()).isEqualTo(List.of("sleep (pid " + left.pid() + ")"));
        } finally {
            left.destroyForcibly();
        }
    }

    /** A child that daemonises in the moment in which its parent ends. */
    @RepeatedTest(40)
    void whatDaemonisesInTheLastMomentIsFound() throws Exception {
        ChildProcess child =
                ChildProcess.start(new ProcessBuilder("sh", "-c", "setsid sh -c 'sleep 7659 &' <&- >&- 2>&- & exit 0"));
        ProcessIdentity identity = ProcessIdentity.ofKnown(child.process().pid());
        child.process().waitFor();
        child.endLeftBehind(identity);
        child.closePipes();
        assertThat(child.mark().in(ProcessTable.read())).isEmpty();
    }

    /** While the kernel makes another program of a process it shows no environment, which is not one without a mark. */
    @Test
    void whatBecomesOneProgramAfterAnotherShowsItsMarkOrThatItIsYetToCome() throws Exception {
        ChildProcess child = ChildProcess.start(new ProcessBuilder(becomingOthers()));
        long pid = child.process().pid();
        Set<String> seen = new HashSet<>();
        try {
            while (ProcStat.read(pid)
                    .filter(stat -> !stat.name().equals("sleep"))
                    .isPresent()) {
                // For as long as a look at all the others would take.
                for (int reads = 0; reads < 20; reads++) {
                    seen.add(ProcessMark.marksOf(pid));
                }
                ProcessTable table = ProcessTable.read();
                seen.add(table.marks(pid).isEmpty() && !table.becoming().contains(pid) ? "none" : "");
            }
        } finally {
            child.process().destroyForcibly();
            child.closePipes();
        }
        assertThat(seen)
                .isSubsetOf("", "\0" + ProcessMark.VARIABLE + '=' + child.mark().text() + '\0');
    }

    /** Programs that start the next one in their place, then one that stays. */
    private static List<String> becomingOthers() {
        return Stream.concat(Collections.nCopies(1000, "nice").stream(), Stream.of("sleep", "7664"))
                .toList();
    }

    /** Until it is one of which can be said whose it is. */
    @Test
    void whatIsBecomingAnotherProgramIsLookedAtAgain() throws Exception {
        Process left = new ProcessBuilder("sleep", "7665").start();
        try {
            AtomicInteger looks = new AtomicInteger();
            LeftBehind ended = new LeftBehind();
            ended.end(table -> {
                if (looks.incrementAndGet() <= 30) {
                    table.becoming(left.pid());
                    return List.of();
                }
                return table.processes().stream()
                        .filter(process -> process.pid() == left.pid() && !process.zombie())
                        .toList();
            });
            assertThat(ended.names()).isEqualTo(List.of("sleep (pid " + left.pid() + ")"));
        } finally {
            left.destroyForcibly();
        }
    }

    @Test
    void whatIsNeverAnotherProgramIsNotKnown() throws Exception {
        LeftBehind ended = new LeftBehind();
        ended.end(Duration.ofMillis(100), table -> {
            table.becoming(7666);
            return List.of();
        });
        assertThat(ended.unseen()).hasValueSatisfying(why -> assertThat(why).contains("pid 7666"));
    }

    /** Its environment has a place in its memory, where nothing is: Python has no unmap, so its own C library does it. */
    @Test
    void whoHasUnmappedItsEnvironmentIsNotBecomingAnother() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "there is no " + python + ": apt-get install python3");
        Process other = new ProcessBuilder(python.toString(), "-c", """
                import ctypes, sys
                end = int(open('/proc/self/stat').read().rsplit(')', 1)[1].split()[48])
                start = int(open('/proc/self/stat').read().rsplit(')', 1)[1].split()[47])
                page = 4096
                first = start // page * page
                libc = ctypes.CDLL(None)
                libc.munmap(ctypes.c_void_p(first), ctypes.c_size_t((end // page + 1) * page - first))
                print('unmapped', flush=True)
                sys.stdin.read()
                """).start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("unmapped");
            ProcessTable table = ProcessTable.read();
            assertThat(table.marks(other.pid())).isEmpty();
            assertThat(table.becoming()).isEmpty();
            assertThat(table.unclear()).contains(other.pid());
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void remainsAreNotGoneWhileOneOfThemMayBeBecomingAnotherProgram() {
        Remains remains = new Remains(List.of(), Optional.of(table -> {
            table.becoming(7667);
            return List.of();
        }));
        assertThat(remains.gone(ProcessTable::read)).isFalse();
    }

    /** On a host where programs are started all the time somebody is always becoming one. */
    @Test
    void anotherOneThatIsBecomingAnotherProgramAtEachLookHoldsUpNobody() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        LeftBehind ended = new LeftBehind();
        ended.end(Duration.ofHours(1), table -> {
            table.becoming(looks.incrementAndGet());
            return List.of();
        });
        assertThat(ended.unseen()).isEmpty();
    }

    /** One of a chain has ended when it is to be ended, and the next is there. */
    @Test
    void whatIsAnotherProcessAtEachLookIsToldAsNotEnded() throws Exception {
        LeftBehind left = new LeftBehind();
        left.end(Duration.ofMillis(100), _ -> List.of(ended()));
        assertThat(left.unseen()).contains("it starts itself anew faster than it can be ended");
    }

    private static ProcStat ended() {
        try {
            Process process = new ProcessBuilder("sleep", "7662").start();
            ProcStat seen = ProcStat.read(process.pid()).orElseThrow();
            process.destroyForcibly().waitFor();
            return seen;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** It has copies of all that this process has open, until it is another program: it may be the rank of another pool. */
    @Test
    void aChildThatIsJustBeingStartedHoldsNoPipe() throws Exception {
        ChildProcess child = ChildProcess.start(new ProcessBuilder("sleep", "7663"));
        ProcessIdentity identity = ProcessIdentity.ofKnown(child.process().pid());
        SharedPipes pipes = SharedPipes.of(child.process().pid());
        AtomicBoolean over = new AtomicBoolean();
        Thread starts = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    ChildProcess.start(new ProcessBuilder("true")).process().waitFor();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try {
            for (int looks = 0; looks < 300; looks++) {
                assertThat(pipes.holders(ProcessTable.read(), identity.startTicks()))
                        .extracting(ProcStat::identity)
                        .isSubsetOf(identity);
            }
        } finally {
            over.set(true);
            starts.join();
            child.process().destroyForcibly();
        }
    }

    /** On a busy host one look at all processes can take longer than the whole bound. */
    @Test
    void whatWasFoundIsEndedAlthoughTheLookTookAllTheTime() throws Exception {
        Process left = new ProcessBuilder("sleep", "7655").start();
        try {
            LeftBehind ended = new LeftBehind();
            ended.end(
                    Duration.ZERO,
                    table -> table.processes().stream()
                            .filter(process -> process.pid() == left.pid())
                            .toList());
            assertThat(ended.names()).isEqualTo(List.of("sleep (pid " + left.pid() + ")"));
            await().atMost(Duration.ofSeconds(30)).until(() -> !left.isAlive());
        } finally {
            left.destroyForcibly();
        }
    }
}
