import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** One node from a program folder and a config folder; the server's own launcher is in no repository. */
public class Server {
    public static void main(String[] folders) throws Exception {
        LogConfigurator.configureESLogging();
        var home = Settings.builder().put("path.home", folders[0]).build();
        var environment = InternalSettingsPreparer.prepareEnvironment(home, Map.of(), Path.of(folders[1]), () -> "tests");
        LogConfigurator.configure(environment, true);
        var plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), true),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir(), true),
            Map.of(),
            false);
        var node = new Node(environment, plugins);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.prepareForClose();
                node.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        node.start();
        Thread.currentThread().join();
    }
}
