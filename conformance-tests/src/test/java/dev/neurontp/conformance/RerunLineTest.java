package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.mutant.TestOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RerunLineTest {
    @Test
    void theLineJudgesAsStrictlyAsTheRunThatPrintedIt() {
        RunOptions plain = RunOptions.of(List.of("my worker"), 7);

        assertThat(RerunLine.of(plain, "F1s")).isEqualTo("tpctl conformance run --only F1s --seed 7 -- 'my worker'");
        assertThat(RerunLine.of(TestOptions.like(plain).strict().options(), "F1s"))
                .isEqualTo("tpctl conformance run --only F1s --seed 7 --strict -- 'my worker'");
    }

    @Test
    void whatMayBeASecretIsMasked() {
        RunOptions options = RunOptions.of(List.of("w", "--api-key", "geheim", "--url=http://a:geheim@h/"), 7);
        assertThat(RerunLine.of(options)).endsWith(" -- w --api-key '(masked)' '--url=http://(masked)@h/'");
    }

    @Test
    void aLauncherIsOneAgain() {
        RunOptions launched = TestOptions.like(RunOptions.of(List.of("ssh", "w"), 7))
                .launched()
                .options();
        assertThat(RerunLine.of(launched, "L3"))
                .isEqualTo("tpctl conformance run --only L3 --seed 7 --launched -- ssh w");
    }

    /** A report is read in a terminal, and the line is for a shell: bash gives the same word back. */
    @Test
    void whatCannotBeSeenIsEscaped() throws Exception {
        String word = "a'\u001b[31m\n\\\u202e";
        assertThat(RerunLine.quote(word)).isEqualTo("$'a\\'\\U0000001b[31m\\U0000000a\\\\\\U0000202e'");
        Process bash = new ProcessBuilder("bash", "-c", "LC_ALL=C.UTF-8; printf %s " + RerunLine.quote(word)).start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(word);
    }

    @Test
    void withoutAPatternItIsTheWholeRun() {
        assertThat(RerunLine.of(RunOptions.of(List.of("w"), -1))).isEqualTo("tpctl conformance run --seed -1 -- w");
    }
}
