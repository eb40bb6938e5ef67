package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    void theCompletionIsAShellScriptThatKnowsTheCommands() throws IOException, InterruptedException {
        CommandResult completion = CommandResult.tpctl("completion");
        assertThat(completion.out()).contains("shutdown", "--interval");
        Process bash = new ProcessBuilder("bash", "-n").start();
        try (var script = bash.getOutputStream()) {
            script.write(completion.out().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(bash.waitFor()).isZero();
    }

    /** What bash offers where the cursor stands after {@code line}. */
    private static List<String> offered(String line) throws IOException, InterruptedException {
        List<String> words = List.of(line.split(" ", -1));
        Process bash = new ProcessBuilder("bash").redirectErrorStream(true).start();
        try (var script = bash.getOutputStream()) {
            script.write((CommandResult.tpctl("completion").out()
                            + """
                    compopt() { :; }
                    complete -p tpctl >/dev/null || exit 1
                    COMP_LINE='%s' COMP_POINT=%d COMP_WORDS=(%s) COMP_CWORD=%d
                    _complete_tpctl
                    printf '%%s\n' "${COMPREPLY[@]}"
                    """.formatted(
                                    line, line.length(), "'" + String.join("' '", words) + "'", words.size() - 1))
                    .getBytes(StandardCharsets.UTF_8));
        }
        List<String> said = bash.inputReader().lines().toList();
        assertThat(bash.waitFor()).as(said.toString()).isZero();
        return said;
    }

    @Test
    void bashOffersWhatTpctlTakes() throws IOException, InterruptedException {
        assertThat(offered("tpctl pi")).containsExactly("ping");
        assertThat(offered("tpctl shutdown --")).contains("--all", "--host", "--ca-file");
        List<String> formats = offered("tpctl ls -o ");
        assertThat(formats).containsExactly("table", "wide", "json", "yaml", "name");
        formats.forEach(format -> assertThat(CommandResult.tpctl("ls", "-o", format, "--host", "http://127.0.0.1:1")
                        .code())
                .as(format)
                .isEqualTo(ExitCode.COULD_NOT_RUN));
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
