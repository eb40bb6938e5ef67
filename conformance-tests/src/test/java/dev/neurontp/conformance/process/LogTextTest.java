package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogTextTest {

    /** GitHub looks at the beginning of a line behind blanks, and Azure Pipelines and TeamCity anywhere. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "::error::forged | <U+003A>:error::forged",
                "\"  ::add-mask::x\" | \"  <U+003A>:add-mask::x\"",
                "\"\t::x\" | \"\\t::x\"",
                "d::e | d::e",
                "a ##[group]b | a #<U+0023>[group]b",
                "a ##vso[task.complete]c | a #<U+0023>vso[task.complete]c",
                "##teamcity[message] | #<U+0023>teamcity[message]",
                "##VSO[x] | #<U+0023>VSO[x]",
                "####[x] | ###<U+0023>[x]",
                "#\ufe0f#v\ufe0fso[x] | #\ufe0f<U+0023>v\ufe0fso[x]",
                "## a heading | ## a heading",
                "a\u001b[2Jb | a<U+001B>[2Jb",
            })
    void whatALogObeysIsNoCommandAnyMore(String text, String shown) {
        assertThat(LogText.of(text)).isEqualTo(shown);
    }

    /** GitHub's runner takes off all that .NET takes for blank, and may not see what takes no place: no such line is left as it was. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x85, 0xA0, 0xAD, 0x034F, 0x1680, 0x180E, 0x2003, 0x200B, 0x200D, 0x2028, 0x202F, 0x205F, 0x2060,
                0x3000, 0xFE0F, 0xFEFF, 0xE0020
            })
    void aBlankOfAnyKindStandsBeforeNoCommand(int blank) {
        String one = Character.toString(blank);
        for (String command :
                List.of(one + "::error::x", " " + one + "\t" + one + "::error::x", ":" + one + ":error::x")) {
            assertThat(LogText.of("a\n" + command).lines().skip(1))
                    .as(command)
                    .noneMatch(line -> line.replaceAll("^[\\s\\p{Z}\\p{C}\\p{M}]+", "")
                            .replaceAll("\\p{M}", "")
                            .startsWith("::"));
        }
    }

    @Test
    void eachLineIsLookedAt() {
        assertThat(LogText.of("a\n::b\r::c\u2028::d")).isEqualTo("a\n<U+003A>:b\n<U+003A>:c<U+2028>::d");
    }
}
