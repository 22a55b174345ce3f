import javax.swing.*;
import java.awt.*;
import java.awt.event.ActionEvent;
import java.awt.event.ActionListener;

public class GuiCounter extends JFrame implements ActionListener {
    private final JLabel label = new JLabel("0", SwingConstants.CENTER);
    private final JButton plus = new JButton("+");
    private final JButton minus = new JButton("-");
    private int count;

    public GuiCounter() {
        super("Counter");
        setDefaultCloseOperation(JFrame.EXIT_ON_CLOSE);
        setLayout(new BorderLayout());
        label.setFont(new Font("SansSerif", Font.BOLD, 48));
        add(label, BorderLayout.CENTER);
        JPanel panel = new JPanel();
        panel.add(minus);
        panel.add(plus);
        add(panel, BorderLayout.SOUTH);
        plus.addActionListener(this);
        minus.addActionListener(this);
        setSize(300, 200);
        setVisible(true);
    }

    @Override
    public void actionPerformed(ActionEvent e) {
        count += e.getSource() == plus ? 1 : -1;
        label.setText(String.valueOf(count));
    }

    public static void main(String[] args) {
        SwingUtilities.invokeLater(GuiCounter::new);
    }
}
