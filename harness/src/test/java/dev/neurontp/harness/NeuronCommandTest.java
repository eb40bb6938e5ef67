package dev.neurontp.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.DaemonCommand;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.OptionSpec;

class NeuronCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--communicator loopback, --communicator",
        "--tp-size 2 --port 0, --tp-size",
        "--cuda-devices 0, --cuda-devices",
        "--print-config --rank0 spawned, --rank0"
    })
    void anOptionOfTheCheckIsNotIgnoredByTheDaemon(String arguments, String option) {
        StringWriter err = new StringWriter();
        assertThat(run(err, arguments)).as(err.toString()).isEqualTo(2);
        assertThat(err.toString()).contains(option + " goes with --tp-smoke").contains("tpctl create");
    }

    @ParameterizedTest
    @CsvSource({
        "--port 0, --port",
        "--host 127.0.0.1, --host",
        "--config x, --config",
        "--insecure, --insecure",
        "--print-config, --print-config",
        "--stop-on-stdin-eof, --stop-on-stdin-eof",
        "--stop-with-last-pool, --stop-with-last-pool"
    })
    void anOptionOfTheDaemonIsNotIgnoredByTheCheck(String arguments, String option) {
        StringWriter err = new StringWriter();
        String line = "--tp-smoke --communicator loopback --tp-size 1 " + arguments;
        assertThat(run(err, line)).as(err.toString()).isEqualTo(2);
        assertThat(err.toString()).contains(option + " is for the daemon");
    }

    @ParameterizedTest
    @CsvSource({
        "--tp-smoke --tp-size ٢, --tp-size is '٢'",
        "--tp-smoke --tp-size 2 --cuda-devices 0१, --cuda-devices is '0१'",
        "--port ٠, http.port is '٠'"
    })
    void digitsOfOtherScriptsAreNoNumber(String arguments, String words) {
        StringWriter err = new StringWriter();
        assertThat(run(err, arguments)).as(err.toString()).isEqualTo(2);
        assertThat(err.toString()).contains(words + ": it must be a whole number");
    }

    @Test
    void eachOptionBelongsToAMode() {
        List<String> known = Stream.of(
                        NeuronCommand.OF_THE_CHECK, DaemonCommand.OPTIONS, List.of("--tp-smoke", "--help", "--version"))
                .flatMap(List::stream)
                .toList();
        assertThat(NeuronMain.described().getCommandSpec().options())
                .extracting(OptionSpec::longestName)
                .containsExactlyInAnyOrderElementsOf(known);
    }

    private static int run(StringWriter err, String arguments) {
        return NeuronMain.run(OutputStream.nullOutputStream(), new PrintWriter(err, true), arguments.split(" "));
    }
}
