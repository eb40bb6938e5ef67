import dev.neurontp.harness.usage.WrittenSpec;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Range;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Writes a {@link WrittenSpec} beside each class of a folder that has picocli's annotations, in Java, and compiles it. Takes the folder,
 * which is on the class path, and where the sources go, for whoever wants to read them. A class whose annotations say
 * something that this program does not know is named and left to picocli, which reads them at run time.
 */
public final class SpecWriter {
    /** What may be annotated, and is not written down here. */
    private static final List<Class<? extends Annotation>> LEFT =
            List.of(ArgGroup.class, ParentCommand.class, Unmatched.class);

    /** The attributes of an option or parameter whose name and value the builder takes as they are. */
    private static final Set<String> SAME = Set.of("description", "hidden", "required", "defaultValue");

    /** The attributes of a command that are part of its help. */
    private static final Set<String> OF_HELP = Set.of("description", "footer", "header", "hidden");

    private final Class<?> type;
    private final List<String> lines = new ArrayList<>();
    private final List<String> mixees = new ArrayList<>();
    private final List<Field> values = new ArrayList<>();

    private SpecWriter(Class<?> type) {
        this.type = type;
    }

    /** Takes the folder of the classes and that of the sources. */
    public static void main(String[] arguments) throws IOException {
        Path classes = Path.of(arguments[0]);
        Path sources = Path.of(arguments[1]);
        Map<String, String> written = new LinkedHashMap<>();
        for (Class<?> type : in(classes)) {
            if (isAnnotated(type)) {
                try {
                    written.put(type.getName() + WrittenSpec.SUFFIX, new SpecWriter(type).write());
                } catch (UnsupportedOperationException e) {
                    System.out.println("left to picocli: " + type.getName() + ": " + e.getMessage());
                }
            }
        }
        removeOld(classes, written.keySet());
        for (Map.Entry<String, String> source : written.entrySet()) {
            Path file = sources.resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
        }
        compile(classes, written);
    }

    /** Those of an earlier build whose class says now what is left to picocli, or is not there any more. */
    private static void removeOld(Path classes, Set<String> written) throws IOException {
        for (Class<?> type : in(classes)) {
            if (WrittenSpec.class.isAssignableFrom(type) && !type.isInterface() && !written.contains(type.getName())) {
                for (String end : List.of("", "$Value")) {
                    Files.deleteIfExists(classes.resolve(type.getName().replace('.', '/') + end + ".class"));
                }
            }
        }
    }

    private static List<Class<?>> in(Path classes) throws IOException {
        List<Class<?>> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                if (!name.endsWith("package-info.class")) {
                    all.add(Class.forName(
                            name.substring(0, name.length() - ".class".length()),
                            false,
                            SpecWriter.class.getClassLoader()));
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
        return all;
    }

    private static boolean isAnnotated(Class<?> type) {
        return !Modifier.isAbstract(type.getModifiers())
                && (type.isAnnotationPresent(Command.class)
                        || fields(type).stream().anyMatch(SpecWriter::isArgument));
    }

    private static boolean isArgument(AnnotatedElement field) {
        return field.isAnnotationPresent(Option.class)
                || field.isAnnotationPresent(Parameters.class)
                || field.isAnnotationPresent(Mixin.class);
    }

    /** Those of its superclasses first, as picocli takes them. */
    private static List<Field> fields(Class<?> type) {
        if (type == null) {
            return List.of();
        }
        List<Field> all = new ArrayList<>(fields(type.getSuperclass()));
        all.addAll(List.of(type.getDeclaredFields()));
        return all;
    }

    private String write() {
        String name = type.getCanonicalName();
        String written = type.getName().substring(type.getPackageName().length() + 1) + WrittenSpec.SUFFIX;
        Command command = type.getAnnotation(Command.class);
        if (command != null) {
            command(command);
        }
        for (Field field : fields(type)) {
            field(field);
        }
        if (command != null && command.mixinStandardHelpOptions()) {
            lines.add("CommandLines.addHelp(spec);");
        }
        return """
                package %s;

                import dev.neurontp.harness.usage.CommandLines;
                import dev.neurontp.harness.usage.WrittenSpec;
                import picocli.CommandLine.*;
                import picocli.CommandLine.Model.*;

                public final class %s implements WrittenSpec {
                    @Override
                    public CommandSpec of(Object described, IFactory factory) {
                        %s object = (%s) described;
                        CommandSpec spec = CommandSpec.wrapWithoutInspection(object, factory);
                        %s
                        return spec;
                    }

                    @Override
                    public void mixedInto(CommandSpec mixee, Object described) {
                        %s
                    }
                %s}
                """.formatted(
                        type.getPackageName(),
                        written,
                        name,
                        name,
                        String.join("\n        ", lines),
                        String.join("\n        ", mixees),
                        values.isEmpty() ? "" : access(name));
    }

    /** Reads and sets the fields that have values. */
    private String access(String name) {
        return """

                    private static final class Value implements IGetter, ISetter {
                        private final %s object;
                        private final int field;

                        Value(%s object, int field) {
                            this.object = object;
                            this.field = field;
                        }

                        @Override
                        @SuppressWarnings("unchecked")
                        public <T> T get() {
                            return (T) value();
                        }

                        private Object value() {
                            switch (field) {
                                %s
                                default: throw new IllegalStateException();
                            }
                        }

                        @Override
                        public <T> T set(T value) {
                            T before = get();
                            switch (field) {
                                %s
                                default: throw new IllegalStateException();
                            }
                            return before;
                        }
                    }
                """.formatted(
                        name,
                        name,
                        each("case %d: return object.%s;"),
                        each("case %d: object.%s = (%s) (Object) value; break;"));
    }

    private String each(String line) {
        return values.stream()
                .map(field -> line.formatted(
                        values.indexOf(field),
                        field.getName(),
                        boxed(field.getType()).getCanonicalName()))
                .collect(Collectors.joining("\n                "));
    }

    private void command(Command command) {
        for (Map.Entry<String, Object> attribute : given(command).entrySet()) {
            String name = attribute.getKey();
            Object value = attribute.getValue();
            if (OF_HELP.contains(name)) {
                lines.add("spec.usageMessage().%s(%s);".formatted(name, literal(value)));
            } else if (name.equals("name")) {
                lines.add("spec.name(%s);".formatted(literal(value)));
            } else if (name.equals("versionProvider")) {
                lines.add("spec.versionProvider(%s);".formatted(created((Class<?>) value)));
            } else if (!name.equals("mixinStandardHelpOptions")) {
                throw new UnsupportedOperationException("@Command has " + name);
            }
        }
    }

    private void field(Field field) {
        for (Class<? extends Annotation> left : LEFT) {
            if (field.isAnnotationPresent(left)) {
                throw new UnsupportedOperationException(field.getName() + " has @" + left.getSimpleName());
            }
        }
        if (field.isAnnotationPresent(Spec.class)) {
            requireAccess(field);
            if (field.getAnnotation(Spec.class).value() == Spec.Target.SELF) {
                lines.add("object.%s = spec;".formatted(field.getName()));
            } else {
                mixees.add("((%s) described).%s = mixee;".formatted(type.getCanonicalName(), field.getName()));
            }
        } else if (isArgument(field)) {
            requireAccess(field);
            argument(field);
        }
    }

    private void argument(Field field) {
        String name = field.getName();
        if (field.isAnnotationPresent(Mixin.class)) {
            if (!Modifier.isFinal(field.getModifiers())) {
                lines.add("if (object.%s == null) object.%s = %s;".formatted(name, name, created(field.getType())));
            }
            lines.add("CommandLines.mix(spec, %s, object.%s, factory);".formatted(literal(name), name));
            return;
        }
        Option option = field.getAnnotation(Option.class);
        Annotation annotation = option == null ? field.getAnnotation(Parameters.class) : option;
        List<String> calls = new ArrayList<>();
        if (option == null) {
            Range arity = Range.parameterArity(field);
            calls.add("PositionalParamSpec.builder()");
            calls.add("index(%s)".formatted(range(Range.parameterIndex(field))));
            calls.add("arity(%s)".formatted(range(arity)));
            calls.add("required(%s)".formatted(arity.min() > 0));
        } else {
            calls.add("OptionSpec.builder(new String[] %s)".formatted(array(option.names())));
            calls.add("arity(%s)".formatted(range(Range.optionArity(field))));
        }
        Map<String, Object> given = given(annotation);
        given.remove("names");
        given.remove("arity");
        given.remove("index");
        Object label = given.remove("paramLabel");
        calls.add("paramLabel(%s)".formatted(literal(label == null ? "<" + name + ">" : label)));
        given.forEach((attribute, value) -> calls.add(call(attribute, value)));
        calls.add(type(field));
        calls.add("initialValue(object.%s)".formatted(name));
        String binding = "new Value(object, %d)".formatted(values.size());
        calls.add("getter(%s)".formatted(binding));
        calls.add("setter(%s)".formatted(binding));
        calls.add("build());");
        values.add(field);
        lines.add("spec.add(" + String.join("\n                .", calls));
    }

    private static String call(String attribute, Object value) {
        if (SAME.contains(attribute)) {
            return attribute + "(" + literal(value) + ")";
        }
        return switch (attribute) {
            case "split" -> "splitRegex(%s)".formatted(literal(value));
            case "converter" ->
                "converters(%s)"
                        .formatted(Arrays.stream((Class<?>[]) value)
                                .map(SpecWriter::created)
                                .collect(Collectors.joining(", ")));
            case "completionCandidates" -> "completionCandidates(%s)".formatted(created((Class<?>) value));
            default -> throw new UnsupportedOperationException("an argument has " + attribute);
        };
    }

    private static String type(Field field) {
        String type = "type(%s.class)".formatted(field.getType().getCanonicalName());
        if (field.getGenericType() instanceof ParameterizedType generic) {
            List<String> inner = new ArrayList<>();
            for (Type argument : generic.getActualTypeArguments()) {
                if (!(argument instanceof Class<?> known)) {
                    throw new UnsupportedOperationException(field.getName() + " is of a type with " + argument);
                }
                inner.add(known.getCanonicalName() + ".class");
            }
            return type + ".auxiliaryTypes(" + String.join(", ", inner) + ")";
        }
        return type;
    }

    /** What is given in an annotation, in the order of the names; not what is as it would be without. */
    private static Map<String, Object> given(Annotation annotation) {
        Map<String, Object> given = new LinkedHashMap<>();
        Method[] attributes = annotation.annotationType().getDeclaredMethods();
        Arrays.sort(attributes, (one, other) -> one.getName().compareTo(other.getName()));
        for (Method attribute : attributes) {
            Object value = valueOf(attribute, annotation);
            if (!Arrays.deepEquals(new Object[] {value}, new Object[] {attribute.getDefaultValue()})) {
                given.put(attribute.getName(), value);
            }
        }
        return given;
    }

    private static Object valueOf(Method attribute, Annotation annotation) {
        try {
            return attribute.invoke(annotation);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void requireAccess(Field field) {
        boolean near = field.getDeclaringClass().getPackage() == type.getPackage();
        if (!near || Modifier.isPrivate(field.getModifiers())) {
            throw new IllegalStateException(field + " cannot be set by the code that is written for it in "
                    + type.getPackageName() + ": leave out 'private'");
        }
    }

    private static String created(Class<?> type) {
        return "CommandLines.create(factory, %s.class)".formatted(type.getCanonicalName());
    }

    private static String range(Range range) {
        return "new Range(%d, %s, %s, %s, %s)"
                .formatted(
                        range.min(),
                        range.max() == Integer.MAX_VALUE ? "Integer.MAX_VALUE" : range.max(),
                        range.isVariable(),
                        range.isUnspecified(),
                        range.originalValue() == null ? "null" : literal(range.originalValue()));
    }

    private static String literal(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case String[] texts -> "new String[] " + array(texts);
            case Boolean flag -> flag.toString();
            default -> throw new UnsupportedOperationException("a value of " + value.getClass());
        };
    }

    private static String array(String... texts) {
        return Arrays.stream(texts).map(SpecWriter::quoted).collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            quoted.append(
                    c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return quoted.append('"')
                .toString()
                .replace("\\u0022", "\\\"")
                .replace("\\u005c", "\\\\")
                .replace("\\u000a", "\\n");
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }

    private static void compile(Path classes, Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((name, text) -> files.add(new Source(name, text)));
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "-proc:none",
                "-XDstringConcat=inline",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"));
        if (!files.isEmpty()
                && !compiler.getTask(said, null, null, options, null, files).call()) {
            throw new IOException("what was written does not compile: " + said);
        }
    }

    /** A source that is in memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
