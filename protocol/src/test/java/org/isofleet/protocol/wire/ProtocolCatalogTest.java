package org.isofleet.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.isofleet.protocol.catalog.ProtocolCatalog;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;
import org.junit.jupiter.api.Test;

class ProtocolCatalogTest {
    private final List<Class<?>> listed = new ProtocolCatalog().classes();

    @Test
    void sealedInterfaces_areListedWhole() {
        for (Class<?> type : List.of(
                GatewayMessage.class, WorkerCommand.class, RunReport.class, StartPoint.class, EvaluationResult.class)) {
            assertThat(listed).containsAll(RandomMessages.records(type));
        }
    }

    @Test
    void everyMessageOfTheModule_isListed() throws IOException, URISyntaxException {
        Path classes = Path.of(WireMessage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            List<Class<?>> messages = files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("package-info"))
                    .<Class<?>>map(name -> load(name.replace(".class", "").replace('/', '.')))
                    .filter(type -> type.isRecord() && WireMessage.class.isAssignableFrom(type))
                    .toList();
            assertThat(messages).hasSizeGreaterThan(10);
            assertThat(listed).containsAll(messages);
        }
    }

    @Test
    void whatMessagesHold_isListed() {
        Set<Class<?>> held = new LinkedHashSet<>();
        listed.forEach(type -> collect(type, held));
        held.removeIf(type -> !type.isRecord() && !type.isEnum());
        assertThat(listed).containsAll(held);
    }

    private static void collect(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, found);
            }
        } else if (type instanceof Class<?> named && named.getName().startsWith("org.isofleet") && found.add(named)) {
            if (named.isRecord()) {
                for (RecordComponent component : named.getRecordComponents()) {
                    collect(component.getGenericType(), found);
                }
            } else if (named.isSealed()) {
                RandomMessages.records(named).forEach(permitted -> collect(permitted, found));
            }
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
