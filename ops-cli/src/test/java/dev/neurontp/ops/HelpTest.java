package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"up", "ls", "status", "ping", "init", "sanity", "shutdown", "kill", "events", "logs", "demo"})
    void everyCommandDocumentsItsExitCodesAndHasAPage(String command) {
        Ran help = Ran.tpctl(command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: tpctl " + command, "Exit codes: 0 all well");
        Ran page = Ran.tpctl("man", command);
        assertThat(page.code()).isZero();
        assertThat(page.out())
                .startsWith(".TH TPCTL\\-" + command.toUpperCase(Locale.ROOT))
                .contains(".SH OPTIONS", ".SH EXIT STATUS");
    }

    @Test
    void lsSaysThatPoolsOfTheOriginalCannotBeReached() {
        assertThat(Ran.tpctl("ls", "--help").out().replaceAll("\\s+", " "))
                .contains("Pools of the original Rust daemon cannot be reached from outside");
    }

    @Test
    void theCompletionIsAShellScriptThatKnowsTheCommands() throws IOException, InterruptedException {
        Ran completion = Ran.tpctl("completion");
        assertThat(completion.out()).contains("shutdown", "--interval");
        Process bash = new ProcessBuilder("bash", "-n").start();
        try (var script = bash.getOutputStream()) {
            script.write(completion.out().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void withoutACommandItIsUsage() {
        Ran ran = Ran.tpctl();
        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("which command? There are: ", "ping", "Run tpctl --help");
    }
}
