package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.ops.console.ViewOptions.Format;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What programs read. */
class DocumentsTest {
    private static String yaml(String value) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        Screen screen = new Screen(new Terminal(out, out, false, false), Screen.UNBOUNDED, false);
        new Documents(screen, Format.YAML)
                .print(new JsonMapper().createObjectNode().put("name", value));
        return text.toString();
    }

    /** By YAML 1.1, as PyYAML reads it, or 1.2. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x1f",
                "0o17",
                "0b1",
                "1_000",
                "0x_1f",
                "1_0.5",
                "2026-11-29",
                "+1",
                ".5",
                "-.inf",
                "12:30:45",
                "1e5",
                "07",
                "~",
                "="
            })
    void aTextThatSomeReaderTakesForANumberOrADateIsQuoted(String value) {
        assertThat(yaml(value)).contains("name: \"" + value + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "null", "true", "y", "NULL"})
    void soIsAWord(String value) {
        assertThat(yaml(value)).contains("name: \"" + value + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpu-2", "ready"})
    void nothingElseIs(String value) {
        assertThat(yaml(value)).contains("name: " + value);
    }
}
