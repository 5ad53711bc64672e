from proto import *
from sim.core.day.washington import *
from sim.core.day.washington import _usual_place, RESPONSE
from sim.core.rules.common import either
from sim.core.day.washington import provoked_today, chance_of_next_step, IDLE, US, uniform
import sys
def test(name, f):
    f=numba.extending.register_jitable(error_model="numpy",forceinline=True)(f)
    @numba.njit(error_model="numpy")
    def rep(pack,lanes,seed):
        for lane in range(lanes):
            world=world_of(pack,lane); today=today_of(pack,lane); p=p_of(pack,lane)
            f(world,today,p,seed)
    pack=np.zeros(LIFE.itemsize*LANES,np.uint8)
    rep(pack,LANES,np.uint64(1))
    asm="".join(rep.inspect_asm().values()); print(name,asm.count('%zmm'))
def a(world,today,p,seed):
    us=world.us; step=us.step
    free=(today.level < 0) & provoked_today(world, p)
    us.step=either(free,step,0)
test('provoked',a)
def b(world,today,p,seed):
    us=world.us; step=us.step
    chance=chance_of_next_step(world,p,step)
    us.pressure=chance
test('chance',b)
def c(world,today,p,seed):
    us=world.us; step=us.step
    goes_on = uniform(seed, world.luck, world.date, US, RESPONSE, 0) < us.pressure
    us.step=either(goes_on,step,0)
test('uniform',c)
def d(world,today,p,seed):
    us=world.us
    us.level=max(today.level,0)
    us.place=_usual_place(us.level)
test('place',d)
def g(world,today,p,seed):
    us=world.us; step=us.step; free=today.level<0; goes_on=us.pressure<1.0
    held = free & (step == IDLE) & (us.anger >= 0.5) & (not goes_on)
    world.outcome.us_held += either(held, 1, 0)
test('held',g)
from sim.core.day.washington import decision_goes_on
def full(world,today,p,seed):
    decision_goes_on(world,today,p,seed)
test('full',full)
from sim.core.day.militias import impulse_comes
def im(world,today,p,seed):
    impulse_comes(world,p,seed)
test('impulse',im)
from sim.core.chance import standard_normal
def nq(world,today,p,seed):
    world.shock=standard_normal(world.shock)
test('normal',nq)
def k1(world,today,p,seed):
    us = world.us
    step = us.step
    free = (today.level < 0) & provoked_today(world, p)
    chance = chance_of_next_step(world, p, step)
    goes_on = free & (uniform(seed, world.luck, world.date, US, RESPONSE, 0) < chance)
    us.done = either(goes_on, step, IDLE)
    us.step = either(free, step + either(goes_on, 1, 0), IDLE)
test('k1',k1)
def k2(world,today,p,seed):
    us = world.us
    step = us.step
    free = (today.level < 0) & (us.provoked > 0) & (world.day - us.provoked_day <= p.us.provocation_days)
    chance = chance_of_next_step(world, p, step)
    goes_on = free & (uniform(seed, world.luck, world.date, US, RESPONSE, 0) < chance)
    held = free & (step == IDLE) & (chance >= 0.5) & (not goes_on)
    us.done = either(goes_on, step, IDLE)
    us.step = either(free, step + either(goes_on, 1, 0), IDLE)
    world.outcome.us_held += either(held, 1, 0)
test('k2',k2)
print('--')
from sim.core.day.order import seed_today
def full2(world,today,p,seed):
    decision_goes_on(world,today,p,seed_today(world,today,seed))
test('full2',full2)
def k3(world,today,p,seed):
    us = world.us
    step = us.step
    seed=seed_today(world,today,seed)
    free = (today.level < 0) & provoked_today(world, p)
    chance = chance_of_next_step(world, p, step)
    goes_on = free & (uniform(seed, world.luck, world.date, US, RESPONSE, 0) < chance)
    us.done = either(goes_on, step, IDLE)
test('k3',k3)
def k4(world,today,p,seed):
    us = world.us
    step = us.step
    seed=seed_today(world,today,seed)
    us.pressure=uniform(seed, world.luck, world.date, US, RESPONSE, 0)
test('k4',k4)
print("==")
@numba.njit(error_model="numpy")
def rep2(pack,lanes,seed):
    for lane in range(lanes):
        world=world_of(pack,lane); today=today_of(pack,lane); p=p_of(pack,lane)
        decision_goes_on(world,today,p,seed_today(world,today,seed))
pack=np.zeros(LIFE.itemsize*LANES,np.uint8)
rep2(pack,LANES,np.uint64(1))
ir="".join(rep2.inspect_llvm().values())
import re
acc=[l for l in ir.splitlines() if re.search(r"\b(load|store)\b",l)]
print(len(acc), sum('tbaa' in l for l in acc))
for l in acc:
    if 'tbaa' not in l: print(l[:160])
print("@@")
i=ir.find("vector.memcheck:")
blk=ir[i:i+9000]
print(blk[:blk.find("\nvector.ph")][:6000])
