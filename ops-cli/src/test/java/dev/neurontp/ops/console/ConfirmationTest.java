package dev.neurontp.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationTest {
    private final StringWriter err = new StringWriter();

    private Confirmation answered(String typed, boolean asks) {
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, false);
        return new Confirmation(
                new Screen(terminal, Screen.UNBOUNDED, asks),
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                asks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"y\n", "YES\n", " yes \n", "y"})
    void yesIsYes(String typed) {
        assertThatCode(() -> answered(typed, true).require("End 1 pool?")).doesNotThrowAnyException();
        assertThat(err).hasToString("End 1 pool? [y/N] ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n\n", "\n", "", "yesterday\n"})
    void anythingElseIsNo(String typed) {
        assertThatThrownBy(() -> answered(typed, true).require("End 1 pool?"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("not confirmed");
    }

    @Test
    void aScriptIsNotAsked() {
        assertThatCode(() -> answered("", false).require("End 1 pool?")).doesNotThrowAnyException();
        assertThat(err.toString()).isEmpty();
    }
}
