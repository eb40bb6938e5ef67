package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.testing.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real workers of which one hangs: what the daemon says of it, and that it ends all the same. */
@Tag("long")
class HangIT {
    private static final Duration LEADER_GONE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final List<ProcessHandle> stopped = new ArrayList<>();

    /** Nothing that is stopped ends by itself, and a test that fails leaves it so. */
    @AfterEach
    void end() {
        stopped.forEach(ProcessHandle::destroyForcibly);
    }

    private void stop(long pid) {
        stopped.add(ProcessHandle.of(pid).orElseThrow());
        Signals.send("STOP", pid);
    }

    private static boolean gone(long pid) {
        return ProcessIdentity.of(pid).filter(ProcessIdentity::alive).isEmpty();
    }

    @Test
    void aRankThatHangsTurnsReadinessRedWithItsNameAndFailsThePool() throws Exception {
        Map<String, String> soon = Map.of("NEURON_POOLS__PROOF", "1s", "NEURON_POOLS__DEADLINES__PING", "2s");
        try (DaemonProcess neuron = DaemonProcess.listening(folder, soon)) {
            List<Long> pids = neuron.pool(List.of());
            String id = neuron.poolId();
            assertThat(neuron.send("GET", "/readyz", "").status()).isEqualTo(200);
            stop(pids.get(1));
            // First there is no young proof any more, then the daemon's own ping has timed out.
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            neuron.send("GET", "/readyz?verbose", "").text().contains("over 1s"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> neuron.send("GET", "/readyz?verbose", "")
                            .text()
                            .contains("[-] pool " + id
                                    + ": failed: ping failed on rank 1: it did not answer within 2 s"));
            await().atMost(Duration.ofSeconds(30)).until(() -> pids.stream().allMatch(HangIT::gone));
            await().until(() ->
                    !neuron.send("GET", "/pools/" + id, "").json().get("ended").isNull());
            neuron.send("DELETE", "/pools/" + id, "");
            neuron.pool(List.of());
            assertThat(neuron.send("GET", "/readyz", "").status()).isEqualTo(200);
        }
    }

    /** It hangs by a fault of its own: one that is stopped before could be met by the daemon's ping instead of the init. */
    @Test
    void whileAnInitHangsReadinessSaysWhatRunsAndSigtermEndsAllWithZero() throws Exception {
        Map<String, String> hangs =
                Map.of("NEURON_POOLS__PROOF", "1s", "NEURON_LOOPBACK_FAULT", "rank=1,at=init,do=hang");
        try (DaemonProcess neuron = DaemonProcess.listening(folder, hangs)) {
            List<Long> pids = neuron.pool(List.of());
            String id = neuron.poolId();
            assertThat(neuron.send("POST", "/pools/" + id + "/init", "").status())
                    .isEqualTo(202);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> neuron.send("GET", "/readyz?verbose", "")
                            .text()
                            .matches("(?s).*\\[-] pool " + id
                                    + ": busy: init, \\d+ s of 120 s; no rank has answered; the last answer of all.*"));
            neuron.terminate();
            assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
            assertThat(neuron.program.stdout()).endsWith("status=stopped");
            assertThat(pids).allMatch(HangIT::gone);
        }
    }

    @Test
    void whatADaemonLeftThatWasKilledInTheMiddleOfAnInitGoesOrIsEndedByTheNextStart() throws Exception {
        List<Long> pids;
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            pids = neuron.pool(List.of());
            stop(pids.get(1));
            assertThat(neuron.send("POST", "/pools/" + neuron.poolId() + "/init", "")
                            .status())
                    .isEqualTo(202);
            neuron.program.signal("KILL");
            // Rank 0 sits in the rendezvous and leaves it; a stopped process can notice nothing.
            await().atMost(LEADER_GONE).until(() -> gone(pids.get(0)));
            assertThat(gone(pids.get(1))).isFalse();
        }
        try (DaemonProcess next = DaemonProcess.listening(folder, Map.of())) {
            assertThat(next.program.stderr())
                    .contains("found: its worker rank 1", "(pid " + pids.get(1) + ") was ended with SIGKILL")
                    .as("the guard of the one that was killed is no left-over of its workers")
                    .doesNotContain("which its workers started");
            assertThat(gone(pids.get(1))).isTrue();
        }
    }
}
