"""Street names that nearly every Vietnamese town has, folded."""

import re

_STREETS = (
    "nguyen trai|le loi|tran hung dao|hai ba trung|ly tu trong|hung vuong|nguyen hue|le hong phong"
    "|nguyen van linh|nguyen van cu|vo van kiet"
    "|cach mang thang (?:tam|8)|cmt ?8|cach mang thang 8|hoa binh|mau than|ly thuong kiet|nguyen thai hoc"
    "|phan dinh phung|quang trung|dien bien phu"
    "|phan boi chau|phan chu trinh|ngo quyen|dinh tien hoang|le duan|ton duc thang|pham van dong|pham ngu lao"
    "|nguyen dinh chieu|nguyen cong tru"
    "|vo thi sau|nguyen thi minh khai|tran phu|tran quoc toan|tran quang khai|tran binh trong|bui thi xuan"
    "|nguyen du|ho xuan huong|xo viet nghe tinh"
    "|hoang van thu|ly thai to|le thanh ton|ham nghi|truong dinh|nguyen trung truc|nam ky khoi nghia"
    "|chau van liem|dong khoi|nguyen an ninh"
    "|vo nguyen giap|nam song hau|vo tanh|tran van kheo|tran hoang na|nguyen viet hong|de tham|3 ?(?:/"
    "|thang) ?2|30 ?(?:/|thang) ?4|nguyen thong|tam vu"
    "|hoang quoc viet|nguyen de|tran quang dieu|bui huu nghia|huynh thuc khang|le lai|mac dinh chi"
    "|nguyen chi thanh|pham hung|nguyen binh khiem"
)
STREET_NAME = re.compile(rf"(?:{_STREETS})(?![^\W_])")
