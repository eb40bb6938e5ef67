package dev.neurontp.ops.client;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.ViewOptions.Format;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/** What a daemon sent, for programs: JSON, one object per line, or YAML, one document each. */
public final class Documents {
    private final Screen screen;
    private final Format format;

    /** To the stdout of {@code screen}. */
    public Documents(Screen screen, Format format) {
        this.screen = screen;
        this.format = format;
    }

    /** Prints one object. */
    public void print(JsonNode object) {
        if (format == Format.YAML) {
            screen.out().print(Yaml.MAPPER.writeValueAsString(object));
            screen.out().flush();
        } else {
            screen.line(ApiJson.text(object));
        }
    }

    /** Of its own, so that its library is loaded only where somebody wants YAML. */
    private static final class Yaml {
        private static final YAMLMapper MAPPER = YAMLMapper.builder(
                        YAMLFactory.builder().stringQuotingChecker(new Quoted()).build())
                .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build();
    }

    /** Also what some reader takes for a number or a date: {@code 0x1f}, {@code 1_000}, {@code 2026-11-29}, {@code .5}. */
    private static final class Quoted extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteName(String name) {
            return mayBeNumber(name) || super.needToQuoteName(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return mayBeNumber(value) || super.needToQuoteValue(value);
        }

        private static boolean mayBeNumber(String text) {
            return !text.isEmpty() && "0123456789+-.=~<".indexOf(text.charAt(0)) >= 0;
        }
    }
}
