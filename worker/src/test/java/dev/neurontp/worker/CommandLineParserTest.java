package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.worker.comm.RankIdentity;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineParserTest {
    private static CommandLine parse(String... arguments) throws UsageException {
        return CommandLineParser.parse(arguments, Map.of());
    }

    private static CommandLine.Serve serve(long rank, long world, long device) {
        return new CommandLine.Serve(new RankIdentity(rank, world, device), Stage.S7A_II, Communicators.byDefault());
    }

    @Test
    void leftOutNumbersAreZeroOneZero() throws UsageException {
        assertThat(parse("--worker")).isEqualTo(serve(0, 1, 0));
    }

    @Property
    void everyU32IsTakenInBothSpellingsAndAnyOrder(
            @ForAll @LongRange(max = 4294967295L) long rank,
            @ForAll @LongRange(max = 4294967295L) long world,
            @ForAll @LongRange(max = 4294967295L) long device)
            throws UsageException {
        assertThat(parse("--cuda-device", "" + device, "--worker", "--rank=" + rank, "--tp-size", "" + world))
                .isEqualTo(serve(rank, world, device));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--worker --rank",
                "--worker --rank=",
                "--worker --rank -1",
                "--worker --rank=4294967296",
                "--worker --tp-size two",
                "--worker --tp-size 1.0",
                "--worker --cuda-device 0x1",
                "--worker --rank --tp-size 2",
                "--worker --rank=1 --rank=1",
                "--worker --worker",
                "--worker=yes",
                "--worker --nonsense",
                "--worker stray",
                "--worker --stage 7b",
                "--worker --communicator gloo",
                "--worker --comm-id",
                "--comm-id --rank 1",
                "--rank 1"
            })
    void whatTheContractDoesNotAllowIsRefused(String line) {
        assertThatThrownBy(() -> parse(line.split(" "))).isInstanceOf(UsageException.class);
    }

    @Test
    void theRefusalNamesTheValueAndTheRule() {
        assertThatThrownBy(() -> parse("--worker", "--rank", "4294967296"))
                .hasMessage("--rank is 4294967296: it must be between 0 and 4294967295");
        assertThatThrownBy(() -> CommandLineParser.parse(new String[] {"--worker"}, Map.of("NEURON_TP_STAGE", "8")))
                .hasMessage("NEURON_TP_STAGE is '8': it must be 7a-i or 7a-ii");
    }

    @Test
    void anOptionBeatsItsVariableAndAnEmptyVariableIsNone() throws UsageException {
        Map<String, String> environment = Map.of("NEURON_TP_STAGE", "7a-i", "NEURON_TP_COMMUNICATOR", "loopback");
        assertThat(CommandLineParser.parse(new String[] {"--worker", "--stage=7a-ii"}, environment))
                .isEqualTo(new CommandLine.Serve(new RankIdentity(0, 1, 0), Stage.S7A_II, Communicators.withoutGpu()));
        assertThat(CommandLineParser.parse(new String[] {"--worker"}, Map.of("NEURON_TP_STAGE", "")))
                .isEqualTo(serve(0, 1, 0));
    }

    @Test
    void helpAndVersionGoWithWorkerToo() throws UsageException {
        assertThat(parse("--worker", "--help")).isEqualTo(new CommandLine.Help());
        assertThat(parse("--version", "--worker", "--rank=3")).isEqualTo(new CommandLine.Version());
    }
}
