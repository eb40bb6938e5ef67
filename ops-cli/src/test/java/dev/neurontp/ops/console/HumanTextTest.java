package dev.neurontp.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HumanTextTest {
    @Test
    void whatSteersATerminalDoesNotReachIt() {
        assertThat(HumanText.plain("a\u001b[31mb\rc\u0007\td\u202ee\u009b")).isEqualTo("a?[31mb?c? d?e?");
    }

    @Test
    void foreignLettersStay() {
        assertThat(HumanText.plain("für 東京 🚀")).isEqualTo("für 東京 🚀");
    }
}
