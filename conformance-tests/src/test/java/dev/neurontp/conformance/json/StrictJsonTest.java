package dev.neurontp.conformance.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StrictJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "-0",
                "1.5e-3",
                "1E+2",
                "true",
                "false",
                "null",
                " { } ",
                "[1,[2,{\"a\":[]}]]",
                "\"\\u0000\\ud83d\\ude00\\/\"",
                "{\"a\":1,\"a\":2}",
                "\t[\r1 ,\n2 ]",
                "\"\u007f\u2028\""
            })
    void takesWhatTheRfcTakes(String text) throws JsonFault {
        assertThat(StrictJson.read(text).value()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "01",
                "+1",
                "1.",
                ".5",
                "1e",
                "1e+",
                "-",
                "--1",
                "0x1",
                "NaN",
                "Infinity",
                "tru",
                "True",
                "nul",
                "\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\t\"",
                "\"\n\"",
                "{} {}",
                "{}x",
                "1 2",
                "//",
                "/**/1",
                "\ufeff{}",
                "\u00a0{}",
                "\u000b1",
                "[1 2]",
                "{\"a\" 1}",
                "{,}",
                "\"\\u\uff11234\""
            })
    void refusesAllElse(String text) {
        assertThatThrownBy(() -> StrictJson.read(text)).isInstanceOf(JsonFault.class);
    }

    @Test
    void keepsSpellingOrderAndDuplicates() throws JsonFault {
        JsonObject object = (JsonObject)
                StrictJson.read("{\"b\":1.0,\"a\":\"\\u0062\",\"b\":null}").value();
        assertThat(object.members()).extracting(JsonValue.Member::name).containsExactly("b", "a", "b");
        assertThat(object.get("b")).contains(new JsonNumber("1.0"));
        assertThat(object.text("a")).contains("b");
        assertThat(object.text("b")).isEmpty();
    }

    @Test
    void seesHalfCharacters() throws JsonFault {
        assertThat(StrictJson.read("\"\\ud800\"").value()).isEqualTo(new JsonString("\ud800", true));
        assertThat(StrictJson.read("\"\\ud83d\\ude00\"").value()).isEqualTo(new JsonString("\ud83d\ude00", false));
    }

    @Test
    void seesWhiteSpaceBetweenTokensOnly() throws JsonFault {
        assertThat(StrictJson.read("{\"a b\":\" \"}").whiteSpace()).isFalse();
        assertThat(StrictJson.read("{\"a\": 1}").whiteSpace()).isTrue();
        assertThat(StrictJson.read("{} ").whiteSpace()).isTrue();
    }

    @Test
    void saysWhetherATextOnlyEndsTooEarly() {
        assertThatThrownBy(() -> StrictJson.read("{\"a\":"))
                .isInstanceOfSatisfying(
                        JsonFault.class, fault -> assertThat(fault.isAtEnd()).isTrue());
        assertThatThrownBy(() -> StrictJson.read("{]"))
                .isInstanceOfSatisfying(
                        JsonFault.class, fault -> assertThat(fault.isAtEnd()).isFalse())
                .hasMessageContaining("at character 1");
    }

    @Test
    void doesNotOverflowAtAnyDepth() {
        assertThatThrownBy(() -> StrictJson.read("[".repeat(1_000_000)))
                .isInstanceOf(JsonFault.class)
                .hasMessageContaining("512");
    }

    /** Millions of them would need many times the memory of their text. */
    @Test
    void moreValuesThanAnyReplyHasAreRefused() {
        assertThatThrownBy(() -> StrictJson.read("[" + "[],".repeat(200_000) + "0]"))
                .isInstanceOf(JsonFault.class)
                .hasMessageContaining("over 200000 values");
    }

    /** A thread of the judge has no larger stack. */
    @Test
    void valuesOfAnyDepthAreComparedOnASmallStack() throws Exception {
        String deep = "{\"a\":[".repeat(255) + "%s" + "]}".repeat(255);
        JsonValue one = StrictJson.read(deep.formatted("1")).value();
        JsonValue same = StrictJson.read(deep.formatted("1")).value();
        JsonValue other = StrictJson.read(deep.formatted("2")).value();
        FutureTask<List<Boolean>> compared = new FutureTask<>(() -> List.of(one.isSameAs(same), one.isSameAs(other)));
        new Thread(null, compared, "small", 256 << 10).start();
        assertThat(compared.get()).containsExactly(true, false);
    }

    @Test
    void valuesOfOtherShapesAreNotTheSame() throws JsonFault {
        List<String> shapes =
                List.of("[]", "{}", "[[],1]", "[[1]]", "[1,[]]", "{\"a\":1}", "[\"a\",1]", "{\"a\":[1]}", "1");
        for (String one : shapes) {
            for (String other : shapes) {
                assertThat(StrictJson.read(one)
                                .value()
                                .isSameAs(StrictJson.read(other).value()))
                        .as("%s and %s", one, other)
                        .isEqualTo(one.equals(other));
            }
        }
    }
}
