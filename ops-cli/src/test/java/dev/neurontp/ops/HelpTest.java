package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandDocumentsItsExitCodesAndHasAPage(String command) {
        CommandResult help = CommandResult.tpctl(command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: tpctl " + command, "Exit codes: 0 success");
        CommandResult page = CommandResult.tpctl("man", command);
        assertThat(page.code()).isZero();
        assertThat(page.out())
                .startsWith(".TH TPCTL\\-" + command.toUpperCase(Locale.ROOT))
                .contains(".SH OPTIONS", ".SH EXIT STATUS");
    }

    static Stream<String> commands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return Commands.named("", new Terminal(nowhere, nowhere, false, false), RuntimeFolders.of(Map.of()))
                .keySet()
                .stream();
    }

    @Test
    void lsSaysThatPoolsOfTheOriginalCannotBeReached() {
        assertThat(CommandResult.tpctl("ls", "--help").out().replaceAll("\\s+", " "))
                .contains("Pools of the original Rust daemon cannot be reached from outside");
    }

    @Test
    void withoutACommandItPrintsTheHelp() {
        CommandResult ran = CommandResult.tpctl();
        assertThat(ran.code()).isEqualTo(ExitCode.OK);
        assertThat(ran.out())
                .isEqualTo(CommandResult.tpctl("--help").out())
                .isEqualTo(CommandResult.tpctl("help").out())
                .contains("ping", "Exit codes: 0 success");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void helpOfACommandIsItsOwnHelp() {
        assertThat(CommandResult.tpctl("help", "bench", "ping").out())
                .isEqualTo(CommandResult.tpctl("bench", "ping", "--help").out())
                .contains("Usage: tpctl bench ping");
        assertThat(CommandResult.tpctl("man", "bench", "ping").out()).startsWith(".TH TPCTL\\-BENCH\\-PING");
        CommandResult unknown = CommandResult.tpctl("help", "stauts");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("unknown command 'stauts' of tpctl. Did you mean 'status'?");
    }

    @Test
    void versionIsThatOfTheOption() {
        assertThat(CommandResult.tpctl("version").out())
                .isEqualTo(CommandResult.tpctl("--version").out())
                .startsWith("tpctl ");
    }
}
