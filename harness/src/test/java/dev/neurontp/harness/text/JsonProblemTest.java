package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.neurontp.harness.api.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;

/** What is said of a text that is no JSON: what and where, and neither a word of the text nor one of the library. */
class JsonProblemTest {
    private static String of(String text) {
        return JsonProblem.of(
                catchThrowableOfType(JacksonException.class, () -> Json.mapper().readTree(text)));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            {"a":1                | it ends too early (line 1, column 7)
            {"a":"x               | it ends too early (line 1, column 8)
            {"world":evil}        | what is there cannot be there (line 1, column 10)
            <script>              | what is there cannot be there (line 1, column 1)
            {"a":01}              | what is there cannot be there (line 1, column 7)
            {"evil":1,"evil":2}   | a field is there twice (line 1, column 17)
            {} evil               | what is there cannot be there (line 1, column 4)
            {} {}                 | there is something after its end (line 1, column 4)
            """)
    void itSaysWhatAndWhere(String text, String words) {
        assertThat(of(text)).isEqualTo(words);
    }

    @Test
    void linesAreCounted() {
        assertThat(of("{\n  \"a\": 1,\n  x")).startsWith("what is there cannot be there (line 3, column ");
    }

    @Test
    void whatIsBeyondTheBoundsIsSaidWithThem() {
        assertThat(of("[".repeat(60_000)))
                .startsWith("it is too deep or too long: at most 500 levels, numbers of 1000 ");
        assertThat(of("{\"a\":" + "9".repeat(60_000) + "}")).startsWith("it is too deep or too long: ");
    }
}
