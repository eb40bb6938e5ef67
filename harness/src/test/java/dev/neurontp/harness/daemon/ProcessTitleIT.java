package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ps, top and nvidia-smi show of the packaged programs. */
class ProcessTitleIT {
    @TempDir
    Path folder;

    private static String text(long pid, String file) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
    }

    private static String commandLine(long pid) throws IOException {
        String line = text(pid, "cmdline");
        String title = line.replaceAll("\0+$", "");
        // As ps and pgrep -f read it: one argument, and nothing of the old ones after it.
        assertThat(title).doesNotContain("\0");
        return title;
    }

    private static String name(long pid) throws IOException {
        return text(pid, "comm").strip();
    }

    @Test
    void aDaemonAndItsRanksSayWhatTheyAre() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            List<Long> ranks = neuron.pool(List.of());
            assertThat(commandLine(neuron.program.pid())).isEqualTo("neuron: daemon");
            assertThat(name(neuron.program.pid())).isEqualTo("neuron daemon");
            for (int rank = 0; rank < 2; rank++) {
                assertThat(commandLine(ranks.get(rank)))
                        .isEqualTo("neuron: rank " + rank + "/2 pool " + neuron.poolId() + " device " + rank);
                assertThat(name(ranks.get(rank))).isEqualTo("neuron rank " + rank + "/2");
            }
            neuron.terminate();
            assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
        }
    }

    @Test
    void whatDoesNotFitIsShorter() throws Exception {
        worker("4294967295", "4294967295", "", "neuron: rank 4294967295/4294967295 device 0", "neuron rank");
        worker("12", "16", "", "neuron: rank 12/16 device 0", "neuron rank 12");
    }

    @Test
    void whatIsNoIdIsNotShown() throws Exception {
        for (String id : List.of("", "a b", "\u001b[2J", "A", "x".repeat(65))) {
            worker("1", "2", id, "neuron: rank 1/2 device 0", "neuron rank 1/2");
        }
    }

    private static void worker(String rank, String size, String pool, String title, String name) throws IOException {
        Map<String, String> environment = Map.of("NEURON_TP_POOL", pool);
        try (ProgramProcess worker = ProgramProcess.command(
                environment, List.of(Programs.neuron(), "--worker", "--rank", rank, "--tp-size", size))) {
            assertThat(worker.ask("{\"op\":\"ping\"}")).contains("pong");
            assertThat(commandLine(worker.pid())).isEqualTo(title);
            assertThat(name(worker.pid())).isEqualTo(name);
        }
    }
}
