package dev.neurontp.ops.help.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** The shells whose completion can be printed. */
public enum Shell {
    BASH(BashScript::of),
    ZSH(ZshScript::of),
    FISH(FishScript::of);

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
    private final Function<List<Completion>, String> script;

    Shell(Function<List<Completion>, String> script) {
        this.script = script;
    }

    /** The script for a program and all of its commands. */
    public String script(CommandSpec program) {
        return script.apply(Completion.of(program));
    }

    /** For the shells themselves. */
    public static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(List.of("bash", "zsh", "fish"));
        }
    }

    /** Reads a name, in lower case. */
    public static final class Text implements ITypeConverter<Shell> {
        @Override
        public Shell convert(String value) {
            if (!new Names().contains(value)) {
                throw new TypeConversionException(
                        "'" + value + "' is no shell that this knows: it must be bash, zsh or fish");
            }
            return Shell.valueOf(value.toUpperCase(Locale.ROOT));
        }
    }
}
