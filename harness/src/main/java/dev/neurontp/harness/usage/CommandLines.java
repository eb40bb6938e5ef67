package dev.neurontp.harness.usage;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.InitializationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** Makes command lines of objects with picocli's annotations, from what the build has written of them where it has. */
public final class CommandLines {
    private CommandLines() {}

    /** The command line of a command; what it is made of comes from {@code factory}. */
    public static CommandLine of(Object command, IFactory factory) {
        // A word that begins with @ is one: what a worker is started with may begin so, and no file is read for it.
        return new CommandLine(spec(command, factory), factory).setExpandAtFiles(false);
    }

    /** The same, of what has constructors without parameters. */
    public static CommandLine of(Object command) {
        return of(command, CommandLines::create);
    }

    /** What {@code described}, a command or a mixin, says of itself. */
    public static CommandSpec spec(Object described, IFactory factory) {
        WrittenSpec written = written(described.getClass());
        return written == null ? CommandSpec.forAnnotatedObject(described, factory) : written.of(described, factory);
    }

    /** What was written of a class, or null, such as in a program that was not built by Maven. */
    static WrittenSpec written(Class<?> described) {
        try {
            return (WrittenSpec)
                    create(Class.forName(described.getName() + WrittenSpec.SUFFIX, true, described.getClassLoader()));
        } catch (ClassNotFoundException _) {
            return null;
        }
    }

    /**
     * An object by the constructor without parameters, or a list. Picocli's own factory looks through all jars for a class of Groovy first.
     *
     * @throws InitializationException where there is none, or it fails
     */
    public static <K> K create(Class<K> type) {
        if (type == List.class) {
            return type.cast(new ArrayList<>());
        }
        try {
            Constructor<K> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new InitializationException("cannot create " + type.getName() + ": " + e, e);
        }
    }

    /** The same, by a factory. For what the build writes. */
    public static <K> K create(IFactory factory, Class<K> type) {
        try {
            return factory.create(type);
        } catch (InitializationException e) {
            throw e;
        } catch (Exception e) {
            throw new InitializationException("cannot create " + type.getName() + ": " + e, e);
        }
    }

    /** Adds a mixin, under its name, to a command. For what the build writes. */
    public static void mix(CommandSpec spec, String name, Object mixin, IFactory factory) {
        WrittenSpec written = written(mixin.getClass());
        if (written == null) {
            CommandSpec read = CommandSpec.forAnnotatedObject(mixin, factory);
            spec.addMixin(name, read);
            read.specElements().stream()
                    .filter(element -> element.getAnnotation(Spec.class).value() == Spec.Target.MIXEE)
                    .forEach(element -> set(element.setter(), spec));
        } else {
            spec.addMixin(name, written.of(mixin, factory));
            written.mixedInto(spec, mixin);
        }
    }

    private static void set(ISetter setter, CommandSpec spec) {
        try {
            setter.set(spec);
        } catch (Exception e) {
            throw new InitializationException("cannot say to a mixin what it is part of: " + e, e);
        }
    }

    /** Adds {@code --help} and {@code --version}, as {@code mixinStandardHelpOptions} does. For what the build writes. */
    public static void addHelp(CommandSpec spec) {
        CommandSpec help = CommandSpec.wrapWithoutInspection(null, CommandLines::create);
        help.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .paramLabel("<helpRequested>")
                .description("Show this help message and exit.")
                .type(boolean.class)
                .initialValue(false)
                .setter(new Kept())
                .build());
        help.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .paramLabel("<versionRequested>")
                .description("Print version information and exit.")
                .type(boolean.class)
                .initialValue(false)
                .setter(new Kept())
                .build());
        spec.addMixin("mixinStandardHelpOptions", help);
    }

    /** A value that no object has a field for. */
    private static final class Kept implements ISetter {
        private Object value = false;

        @Override
        @SuppressWarnings("unchecked")
        public <T> T set(T newValue) {
            T before = (T) value;
            value = newValue;
            return before;
        }
    }
}
