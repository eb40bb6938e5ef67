package dev.neurontp.ops.client;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.ViewOptions.Format;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

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
        private static final YAMLMapper MAPPER = YAMLMapper.builder()
                .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build();
    }
}
