package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that several hosts or containers see: each removes only what it can prove to be dead. */
class OtherHostsTest {
    private static final String OTHER_BOOT = "11111111-2222-3333-4444-555555555555";
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private RuntimeFolder runtime;
    private final HostIdentity here = HostIdentity.here();

    @BeforeEach
    void open() throws IOException {
        runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
    }

    /** A daemon whose pid nobody has here. */
    private static DaemonFile daemon(String boot, HostIdentity host) {
        return new DaemonFile(1, 7, 7, boot, "http://127.0.0.1:1", "/t", "1", Instant.now(), List.of(), host);
    }

    private Path put(DaemonFile daemon, Instant written) throws IOException {
        Path file = Files.writeString(runtime.path().resolve("daemon-7.json"), Json.text(daemon));
        return Files.setLastModifiedTime(file, FileTime.from(written));
    }

    private String whereItIs(DaemonFile daemon, Instant written) throws Exception {
        Path file = put(daemon, written);
        assertThat(new RecordingHeir().clean(runtime)).isEmpty();
        assertThat(file).exists();
        FolderContents contents = runtime.contents();
        assertThat(contents.live()).isEmpty();
        assertThat(contents.elsewhere()).singleElement().satisfies(found -> {
            assertThat(found.file()).isEqualTo(file);
            assertThat(found.written()).isEqualTo(written);
        });
        return contents.elsewhere().getFirst().where();
    }

    private void isDead(DaemonFile daemon, Instant written) throws Exception {
        Path file = put(daemon, written);
        FolderContents contents = runtime.contents();
        assertThat(contents.live()).isEmpty();
        assertThat(contents.elsewhere()).isEmpty();
        assertThat(new RecordingHeir().clean(runtime)).anyMatch(line -> line.contains("ended without cleaning up"));
        assertThat(file).doesNotExist();
    }

    @Test
    void anotherHostsFileIsLeftAloneAndNamed() throws Exception {
        HostIdentity other = new HostIdentity("node-2", "abcdef", here.pidNamespace(), here.timeNamespace());
        assertThat(whereItIs(daemon(OTHER_BOOT, other), LONG_AGO)).isEqualTo("the host node-2");
    }

    @Test
    void anotherContainersFileIsLeftAloneAlthoughItSharesTheBoot() throws Exception {
        HostIdentity other = new HostIdentity("web-1", here.machine(), here.pidNamespace() + 1, here.timeNamespace());
        assertThat(whereItIs(daemon(ProcessIdentity.thisBoot(), other), LONG_AGO))
                .isEqualTo("another container of this host (web-1)");
    }

    /** There the same process has other start ticks. */
    @Test
    void aFileOfAnotherTimeNamespaceIsLeftAlone() throws Exception {
        HostIdentity other = new HostIdentity("web-1", here.machine(), here.pidNamespace(), here.timeNamespace() + 1);
        assertThat(whereItIs(daemon(ProcessIdentity.thisBoot(), other), LONG_AGO))
                .isEqualTo("another container of this host (web-1)");
    }

    @Test
    void aFileOfAnEarlierVersionHasNoTimeNamespaceAndCounts() throws Exception {
        isDead(
                daemon(
                        ProcessIdentity.thisBoot(),
                        new HostIdentity(here.name(), here.machine(), here.pidNamespace(), 0)),
                LONG_AGO);
    }

    @Test
    void aPidThatCountsElsewhereIsNotLookedUpHere() throws Exception {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        HostIdentity other = new HostIdentity("web-1", here.machine(), here.pidNamespace() + 1, here.timeNamespace());
        DaemonFile same = new DaemonFile(
                1,
                self.pid(),
                self.startTicks(),
                self.bootId(),
                "http://127.0.0.1:1",
                "/t",
                "1",
                Instant.now(),
                List.of(),
                other);
        assertThat(same.live()).isFalse();
        assertThat(same.dead(LONG_AGO)).isFalse();
    }

    @Test
    void aCloneWithThisHostsNameAndMachineIdIsNotTakenForAnEarlierBoot() throws Exception {
        Instant now = Instant.parse("2036-01-01T00:00:00Z");
        assertThat(whereItIs(daemon(OTHER_BOOT, here), now)).contains(here.name());
    }

    @Test
    void aFileOfAnEarlierVersionFromAnotherBootIsLeftAlone() throws Exception {
        assertThat(whereItIs(daemon(OTHER_BOOT, null), LONG_AGO)).isEqualTo("another host");
    }

    @Test
    void anEarlierBootOfThisHostIsDead() throws Exception {
        HostIdentity earlier = new HostIdentity(here.name(), here.machine(), 4_026_531_836L, 4_026_531_834L);
        if (here.machine().isEmpty()) {
            // Without a machine id nothing tells an earlier boot from another host.
            assertThat(whereItIs(daemon(OTHER_BOOT, earlier), LONG_AGO)).contains(here.name());
        } else {
            isDead(daemon(OTHER_BOOT, earlier), LONG_AGO);
        }
    }

    @Test
    void aDeadDaemonOfThisBootIsDead() throws Exception {
        isDead(daemon(ProcessIdentity.thisBoot(), here), Instant.now());
        isDead(daemon(ProcessIdentity.thisBoot(), null), Instant.now());
    }

    @Test
    void twoDaemonsWithTheSamePidKeepAFileEach() throws Exception {
        DaemonFile self = DaemonFile.ofThisProcess("http://127.0.0.1:1", Path.of("/t"), "1", Instant.now());
        HostIdentity other = new HostIdentity("node-2", "abcdef", 1, 0);
        Path usual = runtime.daemonFiles(self.pid()).getFirst();
        Files.writeString(usual, Json.text(daemon(OTHER_BOOT, other)));
        self.write(runtime);
        new WorkerLedger(runtime, self).add("abc", RankProcesses.of(self.identity()));
        assertThat(runtime.liveDaemons()).containsExactly(self);
        assertThat(runtime.contents().elsewhere()).hasSize(1);
        self.remove(runtime, true);
        assertThat(runtime.path()).isDirectoryContaining(usual::equals);
        assertThat(runtime.list("*")).containsExactly(usual);
    }

    @Test
    void theWorkersOfAnotherHostsDaemonAreNotTouched() throws Exception {
        Process innocent = new ProcessBuilder("sleep", "1000").start();
        try {
            ProcessIdentity process = ProcessIdentity.of(innocent.pid()).orElseThrow();
            HostIdentity other =
                    new HostIdentity("web-1", here.machine(), here.pidNamespace() + 1, here.timeNamespace());
            DaemonFile there = daemon(ProcessIdentity.thisBoot(), other);
            new WorkerLedger(runtime, there).add("abc", RankProcesses.of(process));
            assertThat(new RecordingHeir().clean(runtime)).isEmpty();
            assertThat(innocent.isAlive()).isTrue();
            assertThat(runtime.workersFiles(7).getFirst()).exists();
        } finally {
            innocent.destroyForcibly();
        }
    }

    /** A container that was killed: the next one has pids of its own, and cannot see that the daemon is gone. */
    @Test
    void theDevicesOfADaemonInAnotherContainerAreToldAsLongAsItsRanksMayLive() throws Exception {
        HostIdentity other = new HostIdentity("web-1", here.machine(), here.pidNamespace() + 1, here.timeNamespace());
        PlacedRank rank = PlacedRank.starting(
                "abc", 0, "ssh", "gpu-1", "gpu-1", 3, true, Duration.ofSeconds(10), Optional.empty(), Optional.empty());
        new WorkerLedger(runtime, daemon(ProcessIdentity.thisBoot(), other)).place("abc", List.of(rank));
        Path file = runtime.workersFiles(7).getFirst();
        Instant before = Instant.now();
        assertThat(told(1)).singleElement().satisfies(told -> {
            assertThat(told.device()).isEqualTo(3);
            assertThat(told.until())
                    .isBetween(before.plusSeconds(10), Instant.now().plusSeconds(20));
        });

        Files.setLastModifiedTime(file, FileTime.from(before.minusSeconds(3600)));
        assertThat(told(0)).isEmpty();
        Path daemon = Files.createFile(
                file.resolveSibling(file.getFileName().toString().replace("workers", "daemon")));
        assertThat(daemon).exists();
        assertThat(told(1)).as("it touches its own file alone").hasSize(1);
        assertThat(file).exists();
    }

    private List<PlacedRank> told(int lines) throws Exception {
        RecordingHeir heir = new RecordingHeir();
        List<String> report = heir.clean(runtime);
        assertThat(heir.inherited).isEmpty();
        assertThat(report)
                .filteredOn(line -> line.contains("in another container"))
                .hasSize(lines);
        return heir.others;
    }
}
