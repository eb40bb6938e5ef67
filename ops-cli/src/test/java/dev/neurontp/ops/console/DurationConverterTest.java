package dev.neurontp.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter text = new DurationConverter();

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "2m,120000", "1h,3600000", "0s,0"})
    void aNumberAndAUnitIsADuration(String given, long millis) {
        assertThat(text.convert(given)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5s", "1 s", "30S", "PT30S", "1234567890s"})
    void anythingElseIsRefusedWithTheRule(String given) {
        assertThatThrownBy(() -> text.convert(given))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + given + "'")
                .hasMessageContaining("30s");
    }
}
