local paddle, ball, score

function love.load()
  love.window.setTitle("Pong")
  paddle = { x = 20, y = 250, w = 10, h = 80, speed = 300 }
  ball = { x = 400, y = 300, dx = 220, dy = 160, r = 6 }
  score = 0
end

function love.update(dt)
  if love.keyboard.isDown("up") then
    paddle.y = math.max(0, paddle.y - paddle.speed * dt)
  elseif love.keyboard.isDown("down") then
    paddle.y = math.min(600 - paddle.h, paddle.y + paddle.speed * dt)
  end
  ball.x = ball.x + ball.dx * dt
  ball.y = ball.y + ball.dy * dt
  if ball.y < 0 or ball.y > 600 then ball.dy = -ball.dy end
  if ball.x > 800 then ball.dx = -ball.dx end
  if ball.x < paddle.x + paddle.w and ball.y > paddle.y and ball.y < paddle.y + paddle.h then
    ball.dx = math.abs(ball.dx) * 1.05
    score = score + 1
  elseif ball.x < 0 then
    love.load()
  end
end

function love.draw()
  love.graphics.rectangle("fill", paddle.x, paddle.y, paddle.w, paddle.h)
  love.graphics.circle("fill", ball.x, ball.y, ball.r)
  love.graphics.print("Score: " .. score, 380, 10)
end

function love.keypressed(key)
  if key == "escape" then love.event.quit() end
end
