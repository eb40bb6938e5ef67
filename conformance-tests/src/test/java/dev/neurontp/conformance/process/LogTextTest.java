package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void eachLineIsLookedAt() {
        assertThat(LogText.of("a\n::b\r::c\u2028::d")).isEqualTo("a\n<U+003A>:b\n<U+003A>:c<U+2028>::d");
    }
}
